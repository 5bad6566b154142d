"""The race on SpiffWorkflow: its state is read, woken, moved by one step, written and committed, one transaction a step."""

import sqlite3
from importlib.metadata import version
from pathlib import Path

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState
from steps import asked, modes, race, steps

LOGGED = "INSERT INTO log (process, step, note) VALUES (?, ?, ?)"


def carry(number: int) -> None:
    """One case from its opening to its end."""
    workflow = BpmnWorkflow(spec)
    workflow.do_engine_steps()
    with store:
        key = store.execute("INSERT INTO process (state) VALUES (?)", (serializer.serialize_json(workflow),)).lastrowid
        store.execute(LOGGED, (key, "begin", ""))
    for name, written in steps(number):
        with store:
            store.execute("BEGIN IMMEDIATE")
            state = store.execute("SELECT state FROM process WHERE id = ?", (key,)).fetchone()[0]
            workflow = serializer.deserialize_json(state)
            (task,) = workflow.get_tasks(state=TaskState.READY, manual=True)
            if task.task_spec.name != name:
                raise SystemExit(f"case {number}: {task.task_spec.name} is open, not {name}")
            task.data.update(written)
            task.run()
            workflow.do_engine_steps()
            store.execute("UPDATE process SET state = ? WHERE id = ?", (serializer.serialize_json(workflow), key))
            store.execute(LOGGED, (key, name, written["note"]))
    if not workflow.is_completed():
        raise SystemExit(f"case {number} did not come to its end")


folder, cases = asked()
parser = BpmnParser()
parser.add_bpmn_file(str(Path(__file__).with_name("race.bpmn")))
spec = parser.get_spec("race")
serializer = BpmnWorkflowSerializer()
store = sqlite3.connect(folder / "spiff.sqlite3")
store.executescript(
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE process (id INTEGER PRIMARY KEY, state TEXT);"
    " CREATE TABLE log (id INTEGER PRIMARY KEY, process INTEGER, step TEXT, note TEXT);"
)
race(carry, cases, name="SpiffWorkflow", version=version("spiffworkflow"), **modes(store))

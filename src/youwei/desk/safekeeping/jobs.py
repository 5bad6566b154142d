"""Making and checking a backup in the background. A job knows the folder's name and on whose behalf; how far it is, the folder says."""

from django_tasks import task

from youwei.desk.safekeeping import shelf
from youwei.desk.safekeeping.backup import Refused, backup, whole
from youwei.desk.safekeeping.proving import prove
from youwei.organs import clock
from youwei.organs.models import Account
from youwei.organs.policy import may, reader

NOT_ALLOWED = "提出备份的人已经没有这项权限；请由系统管理员重新备份"
BROKEN = "备份没有做完（{}）；请查看服务器日志后重新备份，并删去这个目录"
MOST_FINDINGS = 20


@task()
def make(name: str, account_id: int) -> None:
    """Write the backup, then read it again and verify the store's records."""
    if not may(reader(Account.objects.get(pk=account_id), clock.today()), "store.backup"):
        shelf.note(name, state="failed", message=NOT_ALLOWED)
        return
    shelf.note(name, state="running")
    try:
        backup(shelf.folder() / name, lambda done, total: shelf.note(name, done=done, total=total), beside=shelf.STATE)
        _check(name)
    except Refused as refused:
        shelf.note(name, state="failed", message=str(refused))
    except Exception as fault:
        shelf.note(name, state="failed", message=BROKEN.format(type(fault).__name__))
        raise
    else:
        shelf.note(name, state="done")


@task()
def check(name: str) -> None:
    """Read a backup again and verify the store's records."""
    try:
        _check(name)
    finally:
        shelf.note(name, state="done")


def _check(name: str) -> None:
    """What is wrong with the files of a backup, and with the records of the store."""
    findings = [str(finding) for finding in prove(clock.today())]
    try:
        whole(shelf.folder() / name)
    except Refused as refused:
        findings.insert(0, str(refused))
    shelf.note(name, checked={"at": clock.now().isoformat(), "findings": findings[:MOST_FINDINGS]})

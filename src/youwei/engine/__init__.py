"""The engine: a case's log and its pack, folded into the plan.

Born here: `plan`, `check`, `differences`, `opens_for`, the map of a case, the Chinese sentences for reasons.
Takes: frozen packs and the working calendar from the rulebook; entries as plain data. Never: a clock, a store, a person's name
looked up, or anything of Django.
"""

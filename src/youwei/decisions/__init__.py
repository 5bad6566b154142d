"""Decisions: sanctions and other measures, and the periods they start.

Born here: decisions with their measures and the schedules of their periods.
Takes: persons, organs, and the law's answers from the rulebook.
Must never: overwrite a period, open a case, or keep anything of a matter of state secrets beyond its stub.
"""

"""People: the persons a dossier is about.

Born here: persons with their posts, former names and the terms they are found by.
Takes: organs to stand in; names and identity numbers already checked.
Must never: show an identity number without leaving a trace, or guess that two people are one.
"""

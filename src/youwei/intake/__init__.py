"""Intake: an uploaded table becomes staged, checked rows.

Born here: `Import`, `StagedRow`, and what an organ's columns mean (`ColumnMemory`).
Takes: the bytes of a workbook, the law's names of measures, the organs known, and a matcher that knows the people and decisions.
Must never: write a person, a decision or a case; keep a row of state secrets, or the file as it came.
"""

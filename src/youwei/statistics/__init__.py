"""Statistics: figures, their lists, exports.

Born here: nothing that is stored.
Takes: decisions, cases and records as they stand.
Must never: write.
"""

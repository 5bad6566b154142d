"""Documents: papers a step produces, and files attached to a record.

Born here: issued papers, their numbers, attachments.
Takes: records of cases and the templates of packs.
Must never: change an issued paper.
"""

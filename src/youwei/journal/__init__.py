"""Journal: the append-only memory of the house.

Born here: logs of entries (one log a case, a person, an organ), their digests, the seals over their contents.
Takes: an act somebody has done, with who, when and what.
Must never: change or delete an entry, know what an act means, or read the clock.
"""

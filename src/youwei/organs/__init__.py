"""Organs: who works where, what they may do, whom they may see.

Born here: organs with their names and ranges, accounts, grants of roles, the policy, traces of reading, settings, years' holiday notices.
Takes: an act to be allowed or refused; a list to be narrowed to what its reader may see.
Must never: decide from the screen a person came from; let a count, a search hit or an export past the policy.
"""

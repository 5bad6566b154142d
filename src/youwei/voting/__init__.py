"""Voting: secret appraisals of a step. Who may vote, the codes that let in once, the box, the count.

Born here: votes, codes as keyed digests, the box of ballots, paper ballots read in by two officers.
Takes: a step of kind appraisal of a case; at closing it hands back one record, through `documents`.
Must never: keep a ballot beside a voter, a code, a time or an order; tell a count before the vote is closed.
"""

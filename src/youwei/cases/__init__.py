"""Cases: a procedure applied to somebody, as an append-only log.

Born here: cases, the index of their open steps, drafts and notices; it takes staged rows in, records decisions and opens their cases.
Takes: packs and plans from rulebook and engine; persons, decisions and organs; rows from intake.
Must never: write a log past the engine's judgement, or let the index say what the log does not.
"""

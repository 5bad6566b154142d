"""The rulebook: what the rule says, with its reasons.

Born here: the frozen law (`load_law`), the working-day calendar (`WorkCalendar`), the bars that follow from sanctions
(`compute_bars`), the days from which a person may be promoted, used further or awarded (`eligibility`), and the answers
of the commands `period` and `workdays`.

Procedure packs become frozen objects here too (`packs.load_packs`).

Takes: the dated, cited values under `youwei/law`, the folders under `youwei/packs`, and the days and measures its callers hand in.

Never: reads the clock, knows Django or a store, asks when an office announced, served or filed something (an office's
delay moves no bar), scores a person or proposes a sanction.
"""

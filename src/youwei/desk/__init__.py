"""Desk: doing the work in the browser.

Born here: pages: today's work, dossiers, cases, ledger, import, holidays, organs; backups of the whole store.
Takes: what the rooms before it answer, and hands their commands what was filled in.
Must never: decide, count, or write past a command.
"""

"""Pages of the desk: ledger."""

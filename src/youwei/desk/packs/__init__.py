"""Pages of the desk: packs."""

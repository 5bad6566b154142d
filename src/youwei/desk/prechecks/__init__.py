"""Pages of the desk: what became of the check before a decision held somebody to account."""

"""Pages of the desk: organs."""

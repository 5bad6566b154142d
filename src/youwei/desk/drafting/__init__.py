"""Pages of the desk: drafting."""

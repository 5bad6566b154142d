"""Pages of the desk: work."""

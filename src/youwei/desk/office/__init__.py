"""Pages of the desk: office."""

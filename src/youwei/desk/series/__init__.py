"""Pages of the desk: linked series of decisions, with their people and cases."""

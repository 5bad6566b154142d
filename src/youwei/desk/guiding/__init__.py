"""Pages of the desk: the library of guiding cases."""

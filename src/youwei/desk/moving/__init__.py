"""Pages of the desk: moving."""

"""Pages of the desk: importing."""

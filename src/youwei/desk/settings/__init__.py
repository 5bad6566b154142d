"""Pages of the desk: the choices of the office."""

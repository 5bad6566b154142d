"""Pages of the desk: registering one decision."""

"""Pages of the desk: what becomes of a person: another post or unit, a second post, retirement, leaving, death."""

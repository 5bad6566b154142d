"""Pages of the desk: all that waits for one's signature or approval, each text in full, answered in one act."""

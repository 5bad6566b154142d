"""Pages of the desk: somebody is in distress — whom to call, what is paused, and following it up."""

"""Pages of the desk: a sealed case of which nobody knows any more is reached again, by two people who learn nothing of it."""

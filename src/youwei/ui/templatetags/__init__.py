"""Template tags of the ui room."""

"""Pages of the desk: backups."""

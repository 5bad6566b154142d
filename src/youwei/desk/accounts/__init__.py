"""Pages of the desk: accounts (system administrator) and their roles (security administrator)."""

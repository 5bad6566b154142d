"""Pages of the desk: opening cases by hand."""

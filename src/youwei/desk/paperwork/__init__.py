"""Pages of the desk: what is filled in and signed by hand, printed before and scanned afterwards."""

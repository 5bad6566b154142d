"""Youwei (有为): the second half of discipline work."""

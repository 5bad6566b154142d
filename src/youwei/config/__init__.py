"""Config: settings, root addresses, the command line and the demonstration city.

Born here: nothing.
Takes: all rooms, and puts them together.
Must never: decide anything.
"""

"""What the command line refuses."""


class CommandRefused(Exception):
    """An act refused for a reason the person at the shell can do something about. Exit code 1."""


class WrongUse(Exception):
    """A command's words that do not go together. Exit code 2, as for words that are unknown."""

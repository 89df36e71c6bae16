"""The one error that says in one line that a request cannot be met."""


class BadInput(ValueError):  # noqa: N818 - it is named for what it says, as KeyError is not
    """A request that cannot be met: what is wrong, where, and what to do, in one line.

    It stands in the lowest room so that every room above may raise it. Windows show its text in a dialog, commands
    print it on one line of stderr and exit with 2; anything else that is raised is a fault of the program.
    """

"""The tests, in two lengths: that of every change, and with `LONG=1` (`make test-long`) the one of a release."""

import os

LONG = os.environ.get("LONG") == "1"


def many(few: int) -> int:
    """So many examples of a property; ten times as many in the long run."""
    return few * 10 if LONG else few

"""What a batch has to do with the memory of Python."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the collector of cycles: lines and statements have none, and to walk all of them over and over costs as much as
    they do."""
    there = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if there:
            if not gc.get_freeze_count():  # what the start of a server has frozen would be thawed with the rest
                gc.freeze()  # and thawed they are old: they are not walked at once as all that is new would be
                gc.unfreeze()
            gc.enable()

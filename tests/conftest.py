"""What every test may use. Stores and apps stand in the conftest of the folders that need them."""

import gc
import logging

from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings

from dougong.platform import passwords
from dougong.runtime import machine
from tests import many

# Each application of a test is a heap that the collector walks again and again: a fifth of the time went there.
gc.set_threshold(50_000, 10, 10)

# Examples are bounded, not timed: two slow cores must not make a test fail.
settings.register_profile("house", deadline=None, max_examples=many(60), suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

# Passwords that cost nothing to check: these tests ask whether a door opens, not how long a thief would need.
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
passwords._nobody = passwords._hasher.hash("nobody has this password")


class Loud(logging.Handler):
    """In life a bug that a step hits upon is an incident of its ticket; in a test it is a failure."""

    def emit(self, record: logging.LogRecord) -> None:
        raise AssertionError(record.getMessage())


machine.log.addHandler(Loud())

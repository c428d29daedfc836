"""What every test may use. Stores and apps stand in the conftest of the folders that need them."""

from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings

from dougong.platform import passwords
from tests import many

# Examples are bounded, not timed: two slow cores must not make a test fail.
settings.register_profile("house", deadline=None, max_examples=many(60), suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

# Passwords that cost nothing to check: these tests ask whether a door opens, not how long a thief would need.
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

"""What every test may use. Stores and apps stand in the conftest of the folders that need them."""

from hypothesis import HealthCheck, settings

# Examples are bounded, not timed: two slow cores must not make a test fail.
settings.register_profile("house", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

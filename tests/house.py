"""The whole house, read: an application imports its rooms when it is made."""

from tempfile import TemporaryDirectory

import dougong.__main__  # noqa: F401
from tests.cast import built, close

with TemporaryDirectory() as home:
    close(built({"HOME": home}))

"""The pages of the settings: org tree, members, who stands behind the roles, secrets, audit trail."""

from . import bindings, members, secrets, trail, units
from ._common import settings

__all__ = ["bindings", "members", "secrets", "settings", "trail", "units"]

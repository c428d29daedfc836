"""The pages of the settings: org tree, members, who stands behind the roles, audit trail."""

from . import bindings, members, trail, units
from ._common import settings

__all__ = ["bindings", "members", "settings", "trail", "units"]

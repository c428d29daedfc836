"""The pages of the settings: org tree, members, who stands behind the roles, signing in, secrets, API tokens, audit trail."""

from . import bindings, channels, letting_in, members, secrets, security, tokens, trail, units
from ._common import settings

__all__ = ["bindings", "channels", "letting_in", "members", "secrets", "security", "settings", "tokens", "trail", "units"]

"""The pages of the settings: org tree, members, who stands behind the roles, signing in, secrets, tokens, audit trail."""

from . import bindings, channels, connections, languages, letting_in, members, rosters, secrets, security, tokens, trail, units
from ._common import settings

__all__ = [
    "bindings", "channels", "connections", "languages", "letting_in", "members", "rosters", "secrets", "security", "settings",
    "tokens", "trail", "units",
]  # fmt: skip

"""The front door: signing in and out, one's own account, choosing a tenant and a language."""

from . import door, factor, forgotten, home, mine, provider
from ._common import front

__all__ = ["door", "factor", "forgotten", "front", "home", "mine", "provider"]

"""What comes of what was filled in."""

from dataclasses import dataclass, field
from typing import Any

from .reason import Reason


@dataclass(frozen=True)
class Loaded:
    """What a submit brings. `values` are only those that may be written; `errors` by field key."""

    values: dict[str, Any]
    errors: dict[str, Reason] = field(default_factory=dict)

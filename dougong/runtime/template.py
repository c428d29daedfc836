"""Texts with {field} gaps, as admins write them: a ticket's title, a notice. Nothing but names of fields goes into a gap."""

import re
from collections.abc import Callable, Mapping
from typing import Any

_GAP = re.compile(r"\{([a-z][a-z0-9_]{0,39})\}")


def fields_of(text: str) -> list[str]:
    return _GAP.findall(text)


def filled(text: str, data: Mapping[str, Any], show: Callable[[str, Any], str] | None = None) -> str:
    """The text with the values of the fields; what is missing leaves nothing behind. `show(key, value)` words a value."""
    words = show or (lambda key, value: str(value.get("title", "") if isinstance(value, dict) else value))
    return _GAP.sub(lambda gap: words(gap[1], data[gap[1]]) if data.get(gap[1]) is not None else "", text).strip()

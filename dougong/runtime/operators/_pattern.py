"""Patterns that anybody can write: # is a digit, @ a letter, ? any character, * anything or nothing; all else is itself."""

import re
from functools import lru_cache
from typing import Final

_SIGNS: Final = {"#": "[0-9]", "@": "[A-Za-z]", "?": "."}


def fits(text: str, pattern: str) -> bool:
    """Does the whole text look like that? In time that grows with text and pattern, whatever somebody wrote."""
    return _compiled(pattern).fullmatch(text) is not None


@lru_cache(maxsize=500)
def _compiled(pattern: str) -> re.Pattern[str]:
    """What stands between two stars is looked for once, from the left, and not again (an atomic group)."""
    first, *rest = ("".join(_SIGNS.get(sign, re.escape(sign)) for sign in piece) for piece in pattern.split("*"))
    if not rest:
        return re.compile(first, re.DOTALL)
    inner = "".join(f"(?>.*?{piece})" for piece in rest[:-1] if piece)
    return re.compile(f"{first}{inner}.*{rest[-1]}", re.DOTALL)

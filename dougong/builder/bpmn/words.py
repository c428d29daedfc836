"""Texts as other tools keep them: in one language, with the spaces as they like."""

import re
from collections.abc import Mapping
from typing import Final

LANGUAGES: Final = ("zh-Hans", "en")
MAX_WORDS: Final = 2000
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def legal(text: str) -> str:
    """Without what XML cannot hold."""
    return _ILLEGAL.sub("", text)


def flat(text: str) -> str:
    """In one line: other tools break lines where they like."""
    return " ".join(legal(text).split())


def spoken(texts: Mapping[str, str] | None, language: str) -> str:
    """In the wished language, else in the first that there is."""
    found = texts or {}
    return legal(next((found[one] for one in (language, *LANGUAGES, *found) if found.get(one)), ""))


def kept(texts: Mapping[str, str] | None, said: str) -> Mapping[str, str] | None:
    """The text in all its languages, as long as what stands in the file is one of them; else what stands there now."""
    known = {flat(one) for one in (texts or {}).values()} or {""}
    return texts if flat(said) in known else everywhere(said)


def everywhere(said: str) -> dict[str, str]:
    return dict.fromkeys(LANGUAGES, shortened(said))


def shortened(text: str, most: int = MAX_WORDS) -> str:
    said = legal(text).strip()
    return said if len(said) <= most else said[: most - 1] + "…"

"""Passwords: how they are kept, and which are refused (after NIST SP 800-63B: length and known lists, no rules of composition).

The list of passwords known from breaches and the estimate of how soon one is guessed come from zxcvbn (MIT), kept locally:
nothing typed here leaves the machine.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

LEAST, MOST, ADVISED = 8, 128, 12
ESTIMATED = 60  # characters: what is longer is not guessed for its parts
GUESSABLE = 2  # zxcvbn's score: below it, less than a million guesses
OURS = ("dougong",)
NONE = ""  # of an account whose owner has not chosen one yet

_hasher = PasswordHasher()
_nobody = _hasher.hash("nobody has this password")  # so that an unknown address takes as long as a known one


def hashed(password: str) -> str:
    return _hasher.hash(_normal(password))


def is_right(kept: str | None, password: str) -> bool:
    """Takes the same time where there is none to compare with."""
    try:
        return _hasher.verify(kept or _nobody, _normal(password)) and bool(kept)
    except (VerifyMismatchError, InvalidHashError):
        return False


def fault(password: str, words: Iterable[str]) -> dict[str, Any] | None:
    """Why it may not be chosen, as a reason; `words` are what others know of its owner: address, names, companies."""
    plain = _normal(password)
    folded = plain.casefold()
    if len(plain) < LEAST:
        return {"code": "password.too_short", "params": {"least": LEAST, "advised": ADVISED}}
    if len(plain) > MOST:
        return {"code": "password.too_long", "params": {"most": MOST}}
    if folded in known():
        return {"code": "password.known", "params": {}}
    if len(_without(folded, words)) < LEAST:
        return {"code": "password.own_words", "params": {}}
    if _score(plain) < GUESSABLE:
        return {"code": "password.guessable", "params": {}}
    return None


@cache
def known() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])


def _score(plain: str) -> int:
    from zxcvbn import zxcvbn

    return int(zxcvbn(plain[:ESTIMATED])["score"])


def _without(folded: str, words: Iterable[str]) -> str:
    """What is left of it when the parts of these words are taken out, the longest first."""
    parts = {part for word in (*words, *OURS) for part in (word.casefold(), *_parts(word.casefold())) if len(part) > 2}
    for part in sorted(parts, key=len, reverse=True):
        folded = folded.replace(part, "")
    return folded


def _parts(word: str) -> list[str]:
    return "".join(char if char.isalnum() else " " for char in word).split()


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)

"""What is kept encrypted: one ring of keys outside the database, the newest seals, every key of the ring opens.

A sealed text belongs to one use ("totp:<account id>"): moved to another row or purpose it does not open. The keys come from
DOUGONG_KEYS (Fernet keys, the newest first, between commas), else from the file `keys` of the data folder, made at first use.
"""

import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from flask import Flask, current_app


class Unreadable(Exception):
    """A sealed text that no key opens, that was changed, or that belongs to another use."""


def init_cipher(app: Flask) -> None:
    keys = app.config.get("KEYS") or os.environ.get("DOUGONG_KEYS") or _home_keys(app.config["HOME"])
    app.extensions["cipher"] = ring([key.strip() for key in keys.replace("\n", ",").split(",") if key.strip()])


def ring(keys: list[str]) -> MultiFernet:
    """Raises ValueError where a key is none."""
    return MultiFernet([Fernet(key) for key in keys])


def seal(use: str, plain: str) -> str:
    return _ring().encrypt(f"{use}\n{plain}".encode()).decode()


def unseal(use: str, sealed: str) -> str:
    """Raises Unreadable."""
    try:
        found, _, plain = _ring().decrypt(sealed.encode()).decode().partition("\n")
    except InvalidToken:
        raise Unreadable(use) from None
    if found != use:
        raise Unreadable(use)
    return plain


def reseal(sealed: str) -> str:
    """The same under the newest key, for when an old one is to leave the ring. Raises Unreadable."""
    try:
        return _ring().rotate(sealed.encode()).decode()
    except InvalidToken:
        raise Unreadable("reseal") from None


def _ring() -> MultiFernet:
    found: MultiFernet = current_app.extensions["cipher"]
    return found


def _home_keys(home: Path) -> str:
    """Two processes that begin at once end up with the same key: whoever makes the file first, wins."""
    path, fresh = home / "keys", home / f".keys-{secrets.token_hex(8)}"
    if not path.exists():
        fresh.touch(mode=0o600)
        fresh.write_text(Fernet.generate_key().decode())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text()

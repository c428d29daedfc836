"""What the environment says: each setting, the variable that brings it, how it is read, and what holds without it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

from flask import Flask


class Setting(NamedTuple):
    variable: str
    default: Any = ""
    read: Callable[[str], Any] = str


def _is_on(text: str) -> bool:
    return text == "1"


SETTINGS: Final = {
    "DATABASE_OWNER_URL": Setting("DATABASE_OWNER_URL", None),
    "FILES_KEY": Setting("DOUGONG_FILES_KEY"),
    "FILES_MOST": Setting("DOUGONG_FILES_MOST", 50_000_000_000, int),  # bytes of a tenant
    "FILES_SECRET": Setting("DOUGONG_FILES_SECRET"),
    "FILES_URL": Setting("DOUGONG_FILES_URL"),
    "HTTPS": Setting("DOUGONG_HTTPS", False, _is_on),
    "MAIL": Setting("DOUGONG_MAIL"),
    "MAIL_FROM": Setting("DOUGONG_MAIL_FROM", "Dougong <dougong@localhost>"),
    "METRICS_TOKEN": Setting("METRICS_TOKEN"),
    "OUTBOUND_ALLOW": Setting("DOUGONG_OUTBOUND_ALLOW"),
    "PROXY_HOPS": Setting("DOUGONG_PROXY_HOPS", 0, int),
    "PUBLIC_URL": Setting("DOUGONG_PUBLIC_URL", "http://127.0.0.1:8000"),
    "SESSION_IDLE_HOURS": Setting("DOUGONG_SESSION_IDLE_HOURS", 12.0, float),
    "SESSION_LIFE_HOURS": Setting("DOUGONG_SESSION_LIFE_HOURS", 7 * 24.0, float),
    "TAKE_OVER_SECONDS": Setting("DOUGONG_TAKE_OVER", 60, int),
}


def init_environment(app: Flask) -> None:
    """Fills in what `app.config` does not say; HOME becomes a path, and is made. Raises ValueError where a variable says
    what it must not."""
    home = Path(app.config.get("HOME") or os.environ.get("DOUGONG_HOME") or "data").absolute()
    home.mkdir(parents=True, exist_ok=True)
    app.config["HOME"] = home
    app.config.setdefault("DATABASE_URL", os.environ.get("DATABASE_URL") or f"sqlite:///{home / 'dougong.db'}")
    for name, one in SETTINGS.items():
        app.config.setdefault(name, _said(one))


def _said(setting: Setting) -> Any:
    given = os.environ.get(setting.variable)
    if not given:
        return setting.default
    try:
        return setting.read(given)
    except ValueError:
        raise ValueError(f"{setting.variable}: a number is expected, {given!r} is none") from None

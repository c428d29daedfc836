"""The message catalogue: every text of the platform in every language, by code. The pages and the island share it.

`dougong/messages/<area>.json` maps a code to its texts: {"inbox.title": {"zh-Hans": "我的待办", "en": "My to-dos"}}. `{gaps}`
are filled by name; a gap may itself be a text keyed by language, a reason, a place ({"region": code}), or a list of such.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from flask import g, has_request_context, request, session

from . import regions

LANGUAGES = {"zh-Hans": "简体中文", "en": "English"}
DEFAULT = "zh-Hans"


@cache
def catalogue() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for path in sorted(files("dougong").joinpath("messages").iterdir(), key=lambda path: path.name):
        if path.name.endswith(".json"):
            found.update(json.loads(path.read_text("utf-8")))
    return found


def language() -> str:
    """The language of this request: chosen, else that of the browser, else Chinese."""
    if not has_request_context():
        return DEFAULT
    if "language" not in g:
        chosen = session.get("language")
        wished = request.accept_languages.best_match(["zh-CN", "zh", "en"]) or "zh"
        g.language = chosen if chosen in LANGUAGES else ("en" if wished == "en" else DEFAULT)
    return str(g.language)


def t(code: str, tag: str | None = None, /, **params: Any) -> str:
    """The text of a code. A code that is not in the catalogue is shown as it is (a test keeps that from happening)."""
    tag = tag or language()
    texts = catalogue().get(code)
    if texts is None:
        return code
    text = texts.get(tag) or texts[DEFAULT]
    for name, value in params.items():
        text = text.replace("{" + name + "}", worded(value, tag))
    return text


def say(reason: Any, tag: str | None = None) -> str:
    """A reason (an object with code and params, or its JSON) in words."""
    code, params = (reason["code"], reason.get("params", {})) if isinstance(reason, Mapping) else (reason.code, reason.params)
    return t(code, tag, **params)


def advice(reason: Any, tag: str | None = None) -> str:
    """What to do about it, where the catalogue knows."""
    code = (reason["code"] if isinstance(reason, Mapping) else reason.code) + ".advice"
    params = reason.get("params", {}) if isinstance(reason, Mapping) else reason.params
    return t(code, tag, **params) if code in catalogue() else ""


def pick(text: Mapping[str, str] | str | None, tag: str | None = None) -> str:
    """A text keyed by language, in the reader's."""
    if not text:
        return ""
    if isinstance(text, str):
        return text
    tag = tag or language()
    return next((text[one] for one in (tag, DEFAULT, *text) if text.get(one)), "")


def worded(value: Any, tag: str) -> str:
    if isinstance(value, list):
        return ("，" if tag.startswith("zh") else ", ").join(worded(one, tag) for one in value) or "—"
    if isinstance(value, Mapping):
        if "region" in value:
            return regions.full_name(value["region"], tag)
        return say(value, tag) if "code" in value else pick(value, tag)
    return "—" if value is None else str(value)

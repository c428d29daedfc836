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
from .languages import DEFAULT, NAMES, SPOKEN, found_in, nearest, wished

LANGUAGES = SPOKEN


@cache
def catalogue() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for path in sorted(files("dougong").joinpath("messages").iterdir(), key=lambda path: path.name):
        if path.name.endswith(".json"):
            found.update(json.loads(path.read_text("utf-8")))
    return found


def language() -> str:
    """The reader's: chosen, else that of the browser, else Chinese. One that is not offered here: the nearest that is."""
    if not has_request_context():
        return DEFAULT
    if "language" not in g:
        chosen = session.get("language")
        here = offered()
        if chosen not in NAMES:
            chosen = wished(request.accept_languages.values(), here) or DEFAULT
        g.language = chosen if chosen in here else nearest(chosen)
    return str(g.language)


def offered() -> dict[str, str]:
    """The languages to choose from on this page, by what they call themselves: the platform's, then the company's."""
    further = g.tenant.languages if g.get("tenant") else ()
    return {tag: NAMES[tag] for tag in (*LANGUAGES, *further) if tag in NAMES}


def spoken() -> str:
    """The language in which the platform speaks on this page."""
    return nearest(language())


def t(code: str, tag: str | None = None, /, **params: Any) -> str:
    """The text of a code. A code that is not in the catalogue is shown as it is (a test keeps that from happening)."""
    tag = tag or language()
    texts = catalogue().get(code)
    if texts is None:
        return code
    text = texts.get(tag) or texts[nearest(tag)]
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
    return text.get(found_in(text, tag or language()), "")


def worded(value: Any, tag: str) -> str:
    if isinstance(value, list):
        return ("、" if tag.startswith("zh") else ", ").join(worded(one, tag) for one in value) or "—"
    if isinstance(value, Mapping):
        if "region" in value:
            return regions.full_name(value["region"], tag)
        return say(value, tag) if "code" in value else pick(value, tag)
    return "—" if value is None else str(value)

"""Provinces, cities and districts of China by their administrative codes: a code begins with that of what it lies in.

The data come from the npm package element-china-area-data, written to static/builder/regions.json when the island is built;
what it lacks (Taiwan, Hong Kong, Macau) stands here. English names are pinyin, but where another name is in use.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

ENGLISH = {
    "15": "Inner Mongolia", "45": "Guangxi", "54": "Tibet", "61": "Shaanxi", "64": "Ningxia", "65": "Xinjiang",
    "71": "Taiwan", "81": "Hong Kong", "82": "Macau",
}  # fmt: skip
MORE = {"71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区"}
SUFFIXES = ("特别行政区", "自治区", "自治州", "自治县", "地区", "省", "市", "区", "县", "盟", "旗")
HIDDEN = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")


@cache
def names() -> dict[str, str]:
    """Chinese names by code, parents before their children."""
    path = files("dougong").joinpath("static", "builder", "regions.json")
    return {**json.loads(path.read_text("utf-8")), **MORE}


@cache
def _children() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code in names():
        found.setdefault(parent(code), []).append(code)
    return found


def parent(code: str) -> str:
    """The code of what it lies in; '' for a province."""
    return next((code[:length] for length in (6, 4, 2) if len(code) > length and code[:length] in names()), "")


def children(code: str, language: str) -> list[tuple[str, str]]:
    """(code, name) of what lies directly in it; of '' the provinces."""
    return [(child, name(child, language)) for child in _children().get(code, [])]


def known(code: str) -> bool:
    return code in names()


def chain(code: str) -> list[str]:
    """The codes from the province down to it."""
    found: list[str] = []
    while code:
        found.insert(0, code)
        code = parent(code)
    return found


def chain_of(code: str | None) -> list[str]:
    return chain(code) if code and known(code) else []


def name(code: str, language: str) -> str:
    found = names().get(code, code)
    return found if language.startswith("zh") else ENGLISH.get(code) or _pinyin(found)


def full_name(code: str, language: str) -> str:
    """广东省深圳市南山区; Nanshan, Shenzhen, Guangdong. Levels that only administrators know are left out."""
    parts = [one for one in chain(code) if names().get(one) not in HIDDEN]
    words = [name(one, language) for one in parts]
    return "".join(words) if language.startswith("zh") else ", ".join(reversed(words)) or code


def code_of(text: str) -> str | None:
    """The code that a text means: a code, a name (广东, 广东省) or names from the province down (广东省/深圳市)."""
    text = text.strip()
    if known(text):
        return text
    found, rest = "", [part for part in text.replace("/", " ").replace("-", " ").split() if part]
    for part in rest:
        match = next((code for code in _children().get(found, []) if _is_called(code, part)), None)
        if match is None:
            return None
        found = match
    return found or None


def _is_called(code: str, text: str) -> bool:
    full = names()[code]
    short = next((full.removesuffix(end) for end in SUFFIXES if full.endswith(end) and len(full) > len(end) + 1), full)
    return text in (full, short) or text.casefold() == name(code, "en").casefold()


@cache
def _pinyin(text: str) -> str:
    from pypinyin import lazy_pinyin

    short = next((text.removesuffix(end) for end in SUFFIXES if text.endswith(end) and len(text) > len(end) + 1), text)
    return "".join(lazy_pinyin(short)).capitalize()


class Names:
    """The port that the runtime's fields ask for names (`runtime.fields._type.Names`)."""

    def region(self, code: str, language: str) -> str:
        return full_name(code, language)


def option(code: str, language: str) -> dict[str, Any]:
    return {"code": code, "name": name(code, language), "more": bool(_children().get(code))}

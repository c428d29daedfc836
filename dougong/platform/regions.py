"""Provinces, cities and districts of China by their administrative codes: a code begins with that of what it lies in.

The data come from the npm package element-china-area-data, written to static/builder/regions.json when the island is built;
what it lacks (Taiwan, Hong Kong, Macau) stands here. English names are pinyin, but where another name is in use.
"""

import json
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

ENGLISH = {
    "15": "Inner Mongolia", "45": "Guangxi", "54": "Tibet", "61": "Shaanxi", "64": "Ningxia", "65": "Xinjiang",
    "71": "Taiwan", "81": "Hong Kong", "82": "Macau",
}  # fmt: skip
MORE = {"71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区"}
SUFFIXES = ("特别行政区", "自治区", "自治州", "自治县", "地区", "省", "市", "区", "县", "盟", "旗")
BETWEEN = " /,，、-"
ENDS = ("", *BETWEEN)
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


@lru_cache(maxsize=10_000)
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
    """The code that a text means: a code, a name (广东, 广东省), names from the province down (广东/深圳, 广东省深圳市)."""
    found = read(text)
    return found[0] if found and not found[1] else None


def read(text: str) -> tuple[str, str] | None:
    """The place that an address begins with, and what follows: 广东省深圳市南山区科技园路 12 号 is (440305, 科技园路 12 号).

    A full Chinese name may stand right before what follows; any other name ends at a space, a comma or a slash.
    """
    rest = text.strip()
    first = rest.split(" ")[0]
    if known(first):
        return first, rest[len(first) :].strip()
    code = ""
    while rest and (found := _next(code, rest)):
        code, length = found
        rest = rest[length:].lstrip(BETWEEN)
    return (code, rest) if code else None


@cache
def path(code: str, language: str) -> str:
    """As `read` takes it, in either language: 广东省/深圳市/南山区, Guangdong/Shenzhen/Nanshan."""
    words = "/".join(name(one, language) for one in chain(code) if names().get(one) not in HIDDEN)
    return words if code_of(words) == code else code


def _next(code: str, rest: str) -> tuple[str, int] | None:
    """What lies in `code` and is named at the beginning of the rest: the longest name, where only one place has it."""
    found = [(_named(one, rest), one) for one in _beginning_with(code, rest[0].casefold())]
    longest = max((length for length, _ in found), default=0)
    codes = [one for length, one in found if length == longest]
    return (codes[0], longest) if longest and len(codes) == 1 else None


@cache
def _within(code: str) -> list[str]:
    """What lies in it; levels that only administrators know may be left out."""
    inner = _children().get(code, [])
    return inner + [one for child in inner if names()[child] in HIDDEN for one in _children().get(child, [])]


@lru_cache(maxsize=10_000)
def _beginning_with(code: str, mark: str) -> list[str]:
    """Of what lies in it that of which a name does."""
    spelt = ((one, *_spellings(one)) for one in _within(code))
    return [one for one, full, others in spelt if any(name.casefold().startswith(mark) for name in (full, *others))]


@cache
def _spellings(code: str) -> tuple[str, tuple[str, str]]:
    """Its full name, and its other names: the short one and the English one, folded."""
    full = names()[code]
    short = next((full.removesuffix(end) for end in SUFFIXES if full.endswith(end) and len(full) > len(end) + 1), full)
    return full, (short.casefold(), name(code, "en").casefold())


def _named(code: str, rest: str) -> int:
    """How much of the rest is a name of this place; 0 where it is none."""
    full, others = _spellings(code)
    if rest.startswith(full):
        return len(full)
    folded = rest[:40].casefold()
    return next((len(one) for one in others if folded.startswith(one) and rest[len(one) : len(one) + 1] in ENDS), 0)


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

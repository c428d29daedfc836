"""Languages: the two that the platform speaks, and the further ones in which a company may write its definitions."""

from collections.abc import Iterable, Mapping
from typing import Final

SPOKEN: Final = {"zh-Hans": "简体中文", "en": "English"}
FURTHER: Final = {
    "zh-Hant": "繁體中文", "ja": "日本語", "ko": "한국어", "vi": "Tiếng Việt", "th": "ไทย", "id": "Bahasa Indonesia",
    "ms": "Bahasa Melayu", "de": "Deutsch", "fr": "Français", "es": "Español", "pt": "Português", "it": "Italiano",
    "ru": "Русский", "ar": "العربية",
}  # fmt: skip
NAMES: Final = {**SPOKEN, **FURTHER}
DEFAULT: Final = "zh-Hans"
BROWSERS: Final = {"zh-Hans": ("zh-CN", "zh"), "zh-Hant": ("zh-TW", "zh-HK")}  # what browsers say instead
MOST: Final = 10  # of a company: a text holds at most twenty


def nearest(tag: str) -> str:
    """In which language the platform speaks to somebody who reads this one."""
    return DEFAULT if tag.partition("-")[0] == "zh" else "en"


def order(tag: str) -> tuple[str, ...]:
    """In which languages a text is looked for, one after the other: the reader's, the nearest, then Chinese and English."""
    return tuple(dict.fromkeys((tag, nearest(tag), *SPOKEN)))


def found_in(text: Mapping[str, str], tag: str) -> str:
    """The language in which a text is shown to who reads `tag`; '' where there are no words at all."""
    return tag if text.get(tag) else next((one for one in (*order(tag), *text) if text.get(one)), "")


def wished(header: Iterable[str], offered: Iterable[str]) -> str | None:
    """The first of a browser's languages, best first, that is offered."""
    known = {name.lower(): tag for tag in offered for name in (tag, *BROWSERS.get(tag, ()))}
    for name in header:
        asked = name.lower()
        if tag := known.get(asked) or known.get(asked.partition("-")[0]):
            return tag
    return None

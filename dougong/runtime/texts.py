"""Texts for people, keyed by language tag: {"zh-Hans": "...", "en": "..."}."""

from collections.abc import Mapping

LANGUAGES = ("zh-Hans", "en")

Text = Mapping[str, str]


def pick(text: Text | str | None, language: str) -> str:
    """The text in that language, else in the first language of the platform that it has, else any, else ''."""
    if not text:
        return ""
    if isinstance(text, str):
        return text
    for tag in (language, *LANGUAGES):
        if found := text.get(tag):
            return found
    return next((found for found in text.values() if found), "")

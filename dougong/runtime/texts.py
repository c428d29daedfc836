"""Texts for people, keyed by language tag: {"zh-Hans": "...", "en": "..."}."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

LANGUAGES = ("zh-Hans", "en")

Text = Mapping[str, str]


def pick(text: Text | str | None, language: str) -> str:
    """The text in that language, else in one of the platform's (Chinese first for who reads Chinese), else any, else ''."""
    if not text:
        return ""
    if isinstance(text, str):
        return text
    for tag in (language, *(LANGUAGES if language.startswith("zh") else reversed(LANGUAGES))):
        if found := text.get(tag):
            return found
    return next((found for found in text.values() if found), "")


def texts_in(value: Any) -> Iterator[Text]:
    """Every text of a document, in its order."""
    if isinstance(value, list):
        for one in value:
            yield from texts_in(one)
    elif isinstance(value, Mapping):
        if any(tag in value for tag in LANGUAGES) and all(isinstance(words, str) for words in value.values()):
            yield value
        else:
            yield from texts_in(list(value.values()))


def lacking(doc: Any, tags: Iterable[str]) -> dict[str, int]:
    """How many texts of a document say nothing in each of these languages."""
    texts = list(texts_in(doc))
    return {tag: sum(not text.get(tag, "").strip() for text in texts) for tag in tags}

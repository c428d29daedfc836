"""Example values as a sentence names them: 金额 = 120，产品线 = 空调, in every language."""

from collections.abc import Mapping
from typing import Any, Final

from .fields._type import Codes
from .form import Field
from .texts import LANGUAGES, Text, pick
from .values import missing

BETWEEN: Final = {"zh-Hans": "，", "en": ", "}


def in_words(fields: Mapping[str, Field], values: Mapping[str, Any]) -> Text:
    """A dash where there is none, or nothing is filled in. Places are told by their codes: here nobody knows their names."""
    return {tag: BETWEEN[tag].join(_said(fields[key], value, tag) for key, value in values.items()) or "—" for tag in LANGUAGES}


def _said(field: Field, value: Any, language: str) -> str:
    title = pick(field.title, language) or field.key
    if missing(value):
        return f"{title} = —"
    shown = {"region": value} if field.kind == "region" and isinstance(value, str) else value
    return f"{title} = {field.type.show(shown, field.config, language, Codes())}"

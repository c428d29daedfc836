"""Example values as a sentence names them: 金额 = 120，产品线 = 空调."""

from collections.abc import Mapping
from typing import Any

from .fields._type import Codes
from .form import Field
from .texts import LANGUAGES
from .values import missing


def in_words(fields: Mapping[str, Field], values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """For the gap of a reason. Places stay codes here: who says the sentence knows their names."""
    return [{"code": "check.example", "params": _said(fields[key], value)} for key, value in values.items()]


def _said(field: Field, value: Any) -> dict[str, Any]:
    if missing(value):
        return {"field": field.title, "value": None}
    if field.kind == "region":
        return {"field": field.title, "value": value if isinstance(value, dict) else {"region": value}}
    return {"field": field.title, "value": {tag: field.type.show(value, field.config, tag, Codes()) for tag in LANGUAGES}}

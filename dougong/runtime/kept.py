"""A formula's value as a field keeps it."""

from datetime import date
from decimal import Decimal
from typing import Any

from .form import Field
from .functions import FUNCTIONS
from .values import plain


def kept(field: Field, value: Any) -> Any:
    """A number is rounded. Raises marshmallow's ValidationError where it does not fit."""
    if isinstance(value, Decimal):
        value = rounded(field, value)
    elif isinstance(value, date):
        value = value.isoformat()
    elif isinstance(value, tuple):
        value = list(value)
    if value in (None, "", []):
        return None
    if field.kind == "choices" and isinstance(value, str):
        value = [value]
    return field.type.keep(field.loader.deserialize(value), field.config)


def rounded(field: Field, value: Decimal) -> str:
    """To the places that the field has."""
    return plain(round_half_up(value, field.config.get("places", 2 if field.type.name == "money" else 6)))


def round_half_up(value: Decimal, places: int) -> Decimal:
    rounded: Decimal = FUNCTIONS["ROUND"].call(value, Decimal(places))
    return rounded

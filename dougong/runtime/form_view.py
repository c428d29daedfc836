"""A form as it is drawn: sections and fields with their rights, values and errors; for the pages and the builder's preview."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .fields._type import Names
from .form import Field, Form, Rights
from .reason import Reason
from .texts import Text
from .values import missing


@dataclass(frozen=True)
class FieldView:
    """`value` is what stands in the input (what was typed, where it was refused), `shown` the value in words."""

    field: Field
    right: str
    value: Any
    shown: str
    required: bool
    visible: bool
    error: Reason | None

    @property
    def writable(self) -> bool:
        return self.right in ("write", "required")


@dataclass(frozen=True)
class SectionView:
    uid: str
    title: Text | None
    help: Text | None
    visible_when: Mapping[str, Any] | None
    visible: bool
    fields: tuple[FieldView, ...]


def form_view(
    form: Form,
    data: Mapping[str, Any],
    rights: Rights,
    now: datetime,
    language: str,
    names: Names,
    raw: Mapping[str, Any] | None = None,
    errors: Mapping[str, Reason] | None = None,
) -> list[SectionView]:
    """What a person with these rights sees. Hidden fields are not there at all; sections without fields are left out.

    `now`, in the company's zone, is for conditions. `raw` is what was typed when it was refused; what is visible is decided on
    it, as the browser does.
    """
    typed = {**data, **(raw or {})}
    seen = form.visible(typed, now)
    found = []
    for section in form.sections:
        fields = tuple(
            _field_view(form, field, typed, rights, language, names, field.key in seen, (errors or {}).get(field.key))
            for field in section.fields
            if form.right(field.key, rights) != "hidden"
        )
        if fields:
            shows = any(field.key in seen for field in section.fields) or section.visible_when is None
            found.append(SectionView(section.uid, section.title, section.help, section.visible_when, shows, fields))
    return found


def shown(field: Field, value: Any, language: str, names: Names) -> str:
    """A value in words; '' where nothing was filled in or it is not of the field's kind any more."""
    if missing(value):
        return ""
    try:
        return field.type.show(value, field.config, language, names)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError):
        return str(value)


def _field_view(
    form: Form,
    field: Field,
    data: Mapping[str, Any],
    rights: Rights,
    language: str,
    names: Names,
    visible: bool,
    error: Reason | None,
) -> FieldView:
    right = form.right(field.key, rights)
    value = data.get(field.key)
    return FieldView(
        field=field,
        right=right,
        value=value,
        shown=shown(field, value, language, names),
        required=right == "required" or (field.required and right == "write"),
        visible=visible,
        error=error,
    )

"""A form as it is drawn: sections and fields with their rights, values and errors; for the pages and the builder's preview."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from . import rows
from .fields._type import Names
from .form import Field, Form, Rights
from .reason import Reason
from .rules import ME
from .texts import Text
from .values import missing

FRESH: Final = "new"  # the mark of a row that is still to be added


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
    table: "TableView | None" = None
    checks: tuple[Mapping[str, str], ...] = ()  # on submit: {"formula", "message"}

    @property
    def writable(self) -> bool:
        return self.right in ("write", "required")


@dataclass(frozen=True)
class TableView:
    """A table: the cells of each row, those of a row that is still to be added, and what columns come to, in words."""

    rows: tuple[tuple[FieldView, ...], ...]
    fresh: tuple[FieldView, ...]
    totals: Mapping[str, str]


@dataclass(frozen=True)
class SectionView:
    uid: str
    title: Text | None
    help: Text | None
    visible_when: Mapping[str, Any] | None
    visible: bool
    fields: tuple[FieldView, ...]
    me: Mapping[str, Any] | None  # who fills it, where the conditions of its form ask


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
    checks = form.checks_at(rights)
    for section in form.sections:
        fields = tuple(
            replace(
                _field_view(form, field, typed, rights, language, names, field.key in seen, errors or {}),
                checks=tuple(one.told_in(language) for one in checks.get(field.key, ())),
            )
            for field in section.fields
            if form.right(field.key, rights) != "hidden"
        )
        if fields:
            shows = any(field.key in seen for field in section.fields) or section.visible_when is None
            found.append(
                SectionView(section.uid, section.title, section.help, section.visible_when, shows, fields, typed.get(ME))
            )
    return found


def shown(field: Field, value: Any, language: str, names: Names) -> str:
    """A value in words; '' where nothing was filled in or it is not of the field's kind any more."""
    if missing(value):
        return ""
    if field.columns is not None:
        return _rows_in_words(field.columns, value, language, names)
    try:
        return field.type.show(value, field.config, language, names)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError):
        return str(value)


def _rows_in_words(columns: Form, value: Any, language: str, names: Names) -> str:
    """1. 滤芯 · 2 · 30.00；2. ..."""
    told = (
        " · ".join(filter(None, (shown(one, row.get(key), language, names) for key, one in columns.fields.items())))
        for row in rows.listed(value)
    )
    return ("；" if language.startswith("zh") else "; ").join(
        f"{number}. {words}" for number, words in enumerate(told, start=1)
    )


def _field_view(
    form: Form,
    field: Field,
    data: Mapping[str, Any],
    rights: Rights,
    language: str,
    names: Names,
    visible: bool,
    errors: Mapping[str, Reason],
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
        error=errors.get(field.key),
        table=_table_view(field, field.columns, value, right, language, names, errors) if field.columns else None,
    )


def _table_view(
    field: Field, columns: Form, value: Any, right: str, language: str, names: Names, errors: Mapping[str, Reason]
) -> TableView:
    """Each cell is a field of its own, called by its place."""
    cell_right = {"*": "write" if right in ("write", "required") else "read"}

    def cells(mark: str | int, row: Mapping[str, Any]) -> tuple[FieldView, ...]:
        views = (_field_view(columns, one, row, cell_right, language, names, True, {}) for one in columns.fields.values())
        at = {one: rows.place(field.key, mark, one) for one in columns.fields}
        return tuple(
            replace(view, field=replace(view.field, key=at[view.field.key]), error=errors.get(at[view.field.key]))
            for view in views
        )

    fresh = {key: one.default for key, one in columns.fields.items()}
    asked = [fresh] * field.config.get("min", 1) if cell_right["*"] == "write" else []
    return TableView(
        rows=tuple(cells(index, row) for index, row in enumerate(rows.listed(value) or asked)),
        fresh=cells(FRESH, fresh),
        totals={key: shown(columns.fields[key], sum, language, names) for key, sum in rows.totals(columns, value).items()},
    )

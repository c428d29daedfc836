"""Checks on submit (提交校验): formulas over the whole form that must not be untrue, each with a sentence of its own.

One is asked where a field that it names may be filled in; what is wrong is told at the last of those. What cannot be
calculated, as a date that is not there, refuses nothing: that a field must be filled in is said of the field.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from .config import TEXT, UID, Schema, config_of, setting
from .fields.formula import FORMULA
from .formula import Formula, compile_formula
from .functions import FormulaFault
from .reason import Reason
from .rows import field_of
from .texts import Text, pick

CHECKS: Final[Schema] = setting(
    "提交校验",
    "Checks on submit",
    type="array",
    maxItems=20,
    widget="rows",
    help=("公式不成立时不能提交，并提示文案", "Where a formula is not true the form is not taken, and the sentence is said"),
    items=config_of(
        ("formula", "message"),
        uid=UID,
        formula={**FORMULA, "x-title": {"zh-Hans": "须成立的公式", "en": "What must be true"}},
        message=setting("不成立时提示", "Said otherwise", TEXT),
    ),
)


@dataclass(frozen=True)
class SubmitCheck:
    text: str
    message: Text
    formula: Formula

    def told_at(self, keys: Iterable[str]) -> str | None:
        """Of these fields the last that it names."""
        return next((key for key in reversed(list(keys)) if key in self.formula.fields), None)

    def told_in(self, language: str) -> dict[str, str]:
        """For a page, which checks it too."""
        return {"formula": self.text, "message": pick(self.message, language)}

    def refuses(self, data: Mapping[str, Any], now: datetime) -> bool:
        try:
            return self.formula.value(data, now) is False
        except FormulaFault:
            return False


def compiled(docs: Iterable[Mapping[str, Any]], kinds: Mapping[str, str]) -> Iterator[SubmitCheck]:
    """Those that can be read; of the others the checks of the builder speak."""
    for doc in docs:
        try:
            formula = compile_formula(doc.get("formula", ""), kinds)
        except FormulaFault:
            continue
        yield SubmitCheck(doc["formula"], doc.get("message", {}), formula)


def refused(
    checks: Iterable[SubmitCheck], data: Mapping[str, Any], writable: list[str], wrong: Iterable[str], now: datetime
) -> dict[str, Reason]:
    """By field. A check that names a field which is wrong already is not asked."""
    unsure, errors = {field_of(key) for key in wrong}, {}
    for check in checks:
        key = check.told_at(writable)
        if key and key not in errors and not check.formula.fields & unsure and check.refuses(data, now):
            errors[key] = Reason("field.check_failed", {"message": check.message})
    return errors

"""What depends on what holds. These ask only the arguments that they need: what is not chosen is not calculated."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from ..values import missing
from ._type import RESULT, FormulaFault, Function

Ask = Callable[[], Any]


def same(one: Any, other: Any) -> bool:
    """Of the same kind and equal: a yes is not 1, a moment is not its day."""
    return type(one) is type(other) and one == other


def blank(value: Any) -> bool:
    return missing(value) or value == ()


def _if(condition: Ask, then: Ask, otherwise: Ask) -> Any:
    return then() if condition() else otherwise()


def _ifs(*asks: Ask) -> Any:
    for condition, then in zip(asks[::2], asks[1::2], strict=False):
        if condition():
            return then()
    return _last_resort(asks)


def _switch(subject: Ask, *asks: Ask) -> Any:
    found = subject()
    for match, then in zip(asks[::2], asks[1::2], strict=False):
        if same(found, match()):
            return then()
    return _last_resort(asks)


def _last_resort(asks: tuple[Ask, ...]) -> Any:
    if len(asks) % 2 == 0:
        raise FormulaFault("formula.no_case")
    return asks[-1]()


def _if_blank(value: Ask, otherwise: Ask) -> Any:
    found = value()
    return otherwise() if blank(found) else found


def _if_error(value: Ask, otherwise: Ask) -> Any:
    try:
        return value()
    except (FormulaFault, ArithmeticError):
        return otherwise()


FUNCTIONS: dict[str, Function] = {
    "AND": Function(("[boolean]",), "boolean", lambda *asks: all(ask() for ask in asks), lazy=True),
    "IF": Function(("boolean", RESULT, RESULT), RESULT, _if, lazy=True),
    "IFBLANK": Function((RESULT, RESULT), RESULT, _if_blank, blanks=1, lazy=True),
    "IFERROR": Function((RESULT, RESULT), RESULT, _if_error, lazy=True),
    "IFS": Function(("[boolean]", f"[{RESULT}]"), RESULT, _ifs, rest=RESULT, lazy=True),
    "ISEMPTY": Function(("any",), "boolean", blank, blanks=1),
    "ISNUMBER": Function(("any",), "boolean", lambda value: isinstance(value, Decimal), blanks=1),
    "ISTEXT": Function(("any",), "boolean", lambda value: isinstance(value, str), blanks=1),
    "ISDATE": Function(("any",), "boolean", lambda value: isinstance(value, date), blanks=1),
    "NOT": Function(("boolean",), "boolean", lambda value: not value),
    "OR": Function(("[boolean]",), "boolean", lambda *asks: any(ask() for ask in asks), lazy=True),
    "SWITCH": Function(("any", "[any]", f"[{RESULT}]"), RESULT, _switch, rest=RESULT, lazy=True),
    "XOR": Function(("[boolean]",), "boolean", lambda *values: sum(values) % 2 == 1),
}

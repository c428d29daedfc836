"""One module per operator of a condition. Each module ends with OPERATOR = Operator(...)."""

from importlib import import_module
from pkgutil import iter_modules

from ._type import Operator

OPERATORS: dict[str, Operator] = {
    operator.name: operator
    for operator in sorted(
        (
            import_module(f"{__name__}.{module.name}").OPERATOR
            for module in iter_modules(__path__)
            if not module.name.startswith("_")
        ),
        key=lambda operator: operator.rank,
    )
}

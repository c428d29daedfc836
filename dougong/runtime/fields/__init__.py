"""One module per field type. Each module ends with FIELD = FieldType(...)."""

from importlib import import_module
from pkgutil import iter_modules

from ._type import FieldType

FIELD_TYPES: dict[str, FieldType] = {
    field.name: field
    for field in sorted(
        (
            import_module(f"{__name__}.{module.name}").FIELD
            for module in iter_modules(__path__)
            if not module.name.startswith("_")
        ),
        key=lambda field: field.rank,
    )
}

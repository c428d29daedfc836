"""One module per charge model: what a measure costs. Each module ends with MODEL = TierModel(...)."""

from importlib import import_module
from pkgutil import iter_modules

from ._type import TierModel

MODELS: dict[str, TierModel] = {
    model.name: model
    for model in sorted(
        (
            import_module(f"{__name__}.{module.name}").MODEL
            for module in iter_modules(__path__)
            if not module.name.startswith("_")
        ),
        key=lambda model: model.rank,
    )
}

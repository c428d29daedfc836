"""One module per node type. Each module ends with NODE = NodeType(...)."""

from importlib import import_module
from pkgutil import iter_modules

from ._type import NodeType

NODE_TYPES: dict[str, NodeType] = {
    node.name: node
    for node in sorted(
        (
            import_module(f"{__name__}.{module.name}").NODE
            for module in iter_modules(__path__)
            if not module.name.startswith("_")
        ),
        key=lambda node: node.rank,
    )
}

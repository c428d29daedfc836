"""A workflow as a page shows it before it runs anywhere: its picture without a route."""

from typing import Any

from dougong.runtime.definition import Definition
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.picture import picture


def drawing(definition: Definition, type: str = "") -> dict[str, Any]:
    """What `tickets/_drawing.html` asks for; marked are the steps of that type."""
    families = {node.uid: NODE_TYPES[node.type].family for node in definition.nodes if node.type in NODE_TYPES}
    return {
        "picture": picture(definition), "route": {"nodes": {}, "edges": {}}, "definition": definition, "families": families,
        "marked": {node.uid for node in definition.nodes if type and node.type == type},
    }  # fmt: skip

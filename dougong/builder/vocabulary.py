"""What the editors can draw with: node types, field types, operators and charge models, as their modules declare them. Pure."""

from typing import Any

from dougong.runtime.config import config_of
from dougong.runtime.fields import FIELD_TYPES
from dougong.runtime.functions import FUNCTIONS
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.operators import OPERATORS
from dougong.runtime.print_layout import PRINT
from dougong.runtime.submit_checks import CHECKS
from dougong.runtime.tiers import MODELS

from .settlement_settings import SETTINGS


def vocabulary() -> dict[str, Any]:
    return {
        "nodes": [
            {
                "name": one.name, "title": one.title, "help": one.help, "family": one.family, "icon": one.icon,
                "config": one.config, "ways_in": one.ways_in, "ways_out": one.ways_out, "outcomes": one.outcomes,
                "also": one.also,
            }
            for one in NODE_TYPES.values()
        ],
        "fields": [
            {
                "name": one.name, "title": one.title, "help": one.help, "kind": one.kind, "group": one.group,
                "icon": one.icon, "config": one.config, "computed": one.computed, "cell": one.cell,
            }
            for one in FIELD_TYPES.values()
        ],
        "operators": [
            {
                "name": one.name, "title": one.title, "kinds": one.kinds, "operand": one.operand, "if_missing": one.if_missing,
                "of": one.of, "options": one.options, "clock": one.clock, "me": one.me, "tree": one.tree,
            }
            for one in OPERATORS.values()
        ],
        "models": [
            {
                "name": one.name, "title": one.title, "help": one.help, "asks": one.asks, "may": one.may,
                "tier_asks": one.tier_asks, "tier_may": one.tier_may, "measured": one.measured, "whole": one.whole,
            }
            for one in MODELS.values()
        ],
        "settlement": SETTINGS,
        "form": config_of(checks=CHECKS),
        "print": PRINT,
        "functions": {
            name: {"takes": one.takes, "gives": one.gives, "optional": one.optional} for name, one in FUNCTIONS.items()
        },
    }  # fmt: skip

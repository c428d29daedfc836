"""What a role reads of the tickets of a workflow when it looks at them: its `readers`, beside the rights of its steps.

An entry is of a role of the definitions ("role:finance") or of one that the platform knows ("platform:viewer"). Whoever has
several of the named roles reads what any of them reads; whoever has none is not narrowed here.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from .form import Rights


def role_rights(doc: Mapping[str, Any], holds: Collection[str]) -> Rights | None:
    """What those who hold these roles read; None where the workflow names none of them."""
    given = [one["rights"] for one in doc.get("readers", ()) if one["who"] in holds]
    if not given:
        return None
    keys = {"*", *(key for rights in given for key in rights)}
    return {key: "read" if any(_right(rights, key) == "read" for rights in given) else "hidden" for key in keys}


def hiding(doc: Mapping[str, Any], key: str) -> Iterator[str]:
    """The roles that do not read this field: what everybody finds a ticket by must not tell it."""
    return (one["who"] for one in doc.get("readers", ()) if _right(one["rights"], key) == "hidden")


def _right(rights: Rights, key: str) -> str:
    return rights.get(key, rights.get("*", "read"))

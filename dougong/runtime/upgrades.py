"""Documents of earlier formats, brought to the present one: a function for each step, from one number to the next.

A published version never changes: it is kept as it was, and upgraded each time it is read. The old documents by which this is
tested stand in `tests/formats/`.
"""

from collections.abc import Callable, Mapping
from typing import Any

Doc = Mapping[str, Any]


def upgraded(doc: Doc) -> Doc:
    """The document itself, where there is nothing to do; what is no document at all is left to the schema."""
    while (step := STEPS.get((str(doc.get("kind")), str(doc.get("format"))))) is not None:
        doc = step(doc)
    return doc


def _reminders_are_deadlines(doc: Doc) -> Doc:
    """`remind_after`, one reminder after so many hours, has become the first of a list of deadlines."""
    nodes = doc.get("nodes")
    return {**doc, "format": 2, **({"nodes": [_reminded(one) for one in nodes]} if isinstance(nodes, list) else {})}


def _reminded(node: Any) -> Any:
    config = node.get("config") if isinstance(node, Mapping) else None
    if not isinstance(config, Mapping) or "remind_after" not in config:
        return node
    rest = {key: value for key, value in config.items() if key != "remind_after"}
    when = {"after": {"amount": config["remind_after"], "unit": "hours"}}
    return {**node, "config": {**rest, "deadlines": [{"uid": "remind", "when": when, "then": "remind"}]}}


STEPS: dict[tuple[str, str], Callable[[Doc], Doc]] = {("workflow", "1"): _reminders_are_deadlines}

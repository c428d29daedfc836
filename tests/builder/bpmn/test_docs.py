"""The tables of docs/bpmn.md say what the code does. `REWRITE=1` writes them anew."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from dougong.builder.bpmn import mapping
from dougong.runtime.nodes import NODE_TYPES

PAGE = Path(__file__).parents[3] / "docs" / "bpmn.md"
BEGIN, END = "<!-- by test_docs.py: {} -->\n", "<!-- end -->\n"


def exported() -> Iterator[str]:
    yield "| step | element |"
    yield "|---|---|"
    for name, kind in ((name, NODE_TYPES[name]) for name in NODE_TYPES if name in mapping.DRAWN):
        modes = ["all", "reaching", "any", "count"] if name == "join" else [""]
        for mode in modes:
            drawn = mapping.drawn({"type": name, "config": {"mode": mode}})
            event = f" ({drawn.event})" if drawn.event else ""
            yield f"| {kind.title['zh-Hans']} {kind.title['en']}{f' ({mode})' if mode else ''} | `{drawn.element}`{event} |"


def imported() -> Iterator[str]:
    def step(name: str) -> str:
        return NODE_TYPES[name].title["en"]

    yield "| element | becomes |"
    yield "|---|---|"
    yield from (f"| `{element}` | {step(type)} |" for element, type in mapping.TASKS.items())
    yield from (f"| a gateway that splits: `{element}` | {step(type)} |" for element, type in mapping.SPLITS.items())
    yield from (f"| a gateway that joins: `{element}` | {step('join')} ({mode}) |" for element, mode in mapping.MERGES.items())
    yield from (f"| an event that is caught: {event} | {step(type)} |" for event, type in mapping.CATCHES.items())
    yield from (f"| an event that is thrown: {event} | {step(type)} |" for event, type in mapping.THROWS.items())
    yield from (f"| an end: {event or 'plain'} | {step(type)}, {result} |" for event, (type, result) in mapping.ENDS.items())


def test_the_tables_of_the_page_are_those_of_the_code() -> None:
    page = PAGE.read_text("utf-8")
    found = page
    for name, rows in (("export", exported()), ("import", imported())):
        begin = BEGIN.format(name)
        table = begin + "\n".join(rows) + "\n" + END
        found = re.sub(re.escape(begin) + ".*?" + re.escape(END), lambda _, table=table: table, found, flags=re.DOTALL)
    if os.environ.get("REWRITE"):
        PAGE.write_text(found, "utf-8")
    assert found == page or os.environ.get("REWRITE")
    assert page.count(END) == 2


def test_a_type_that_is_not_in_the_table_is_a_task() -> None:
    """So that a new one is one file still."""
    assert set(mapping.DRAWN) <= set(NODE_TYPES)
    assert mapping.drawn({"type": "from_the_future"}).element == "task"

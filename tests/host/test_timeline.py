"""The lines of a timeline: what a step has brought."""

from dougong.runtime.host import timeline
from dougong.runtime.host.tables import History
from tests.drawing import chain, field, form_doc, options


def test_what_was_left_blank_was_not_filled_in() -> None:
    definition = chain(
        "end",
        refs=(form_doc(field("note"), field("tags", "choices", config=options("a")), field("late", "boolean"), field("mail")),),
    )
    changes = {"note": "x", "tags": [], "late": False, "mail": None}
    step = History(verb="filed", node="start", changes=changes, trail=[], answers=[], said={})
    assert [one.key for one, *_ in timeline.entry(definition, step, {"*": "read"})["changes"]] == ["note", "late"]

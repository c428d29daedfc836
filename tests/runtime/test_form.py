"""What a person may see and fill, and how what was filled is taken in."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from dougong.runtime.form import EVERYTHING, Form
from tests.drawing import NOW, all_of, field, form, load, options, rule

SHANGHAI = timezone(timedelta(hours=8))


def codes(loaded):
    return {key: reason.code for key, reason in loaded.errors.items()}


def test_only_what_may_be_written_is_taken():
    part = form(field("a"), field("b"), field("c"), field("d"))
    rights = {"a": "write", "b": "read", "c": "hidden", "d": "required"}
    found = load(part, {"a": "1", "b": "2", "c": "3", "d": "4"}, {"b": "old", "c": "old"}, rights)
    assert found.values == {"a": "1", "d": "4"}


def test_a_star_is_for_all_other_fields_and_without_one_they_are_read():
    part = form(field("a"), field("b"))
    assert load(part, {"a": "1", "b": "2"}, {}, {"*": "write", "b": "read"}).values == {"a": "1"}
    assert load(part, {"a": "1", "b": "2"}, {}, {}).values == {}


def test_what_is_not_sent_stays_as_it_is():
    assert load(form(field("a"), field("b")), {"a": "1"}, {"b": "old"}).values == {"a": "1"}


def test_what_is_sent_empty_is_emptied():
    assert load(form(field("a")), {"a": " "}, {"a": "old"}).values == {"a": None}


def test_required_by_the_form_and_required_by_the_step():
    part = form(field("a", required=True), field("b"), field("c"))
    assert codes(load(part, {}, {}, {"*": "write", "b": "required"})) == {"a": "field.required", "b": "field.required"}
    assert codes(load(part, {"b": "x"}, {"a": "there already"}, {"*": "write", "b": "required"})) == {}


def test_what_a_step_may_not_write_it_need_not_fill():
    assert codes(load(form(field("a", required=True)), {}, {}, {"a": "read"})) == {}


def test_a_required_field_that_was_typed_wrongly_has_one_error():
    assert codes(load(form(field("a", "number", required=True)), {"a": "many"})) == {"a": "field.number.invalid"}


def test_a_field_that_is_not_visible_is_neither_required_nor_taken():
    part = form(
        field("kind", "choice", config=options("x", "other")),
        field("which", required=True, visible_when=all_of(rule("kind", "equals", "other"))),
    )
    assert codes(load(part, {"kind": "x", "which": "sent all the same"})) == {}
    assert load(part, {"kind": "x", "which": "sent all the same"}).values == {"kind": "x"}
    assert codes(load(part, {"kind": "other"})) == {"which": "field.required"}
    assert load(part, {"kind": "other", "which": "y"}).values == {"kind": "other", "which": "y"}


def test_an_error_in_a_field_that_is_not_visible_is_nobodys():
    part = form(field("a"), field("n", "number", visible_when=all_of(rule("a", "equals", "yes"))))
    assert codes(load(part, {"a": "no", "n": "many"})) == {}


def test_hiding_cascades():
    part = form(
        field("a"),
        field("b", visible_when=all_of(rule("a", "equals", "1"))),
        field("c", visible_when=all_of(rule("b", "not_empty"))),
        field("d", visible_when=all_of(rule("c", "not_empty"))),
    )
    assert load(part, {"a": "1", "b": "2", "c": "3", "d": "4"}).values == {"a": "1", "b": "2", "c": "3", "d": "4"}
    assert load(part, {"a": "0", "b": "2", "c": "3", "d": "4"}).values == {"a": "0"}


def test_the_value_of_a_field_that_is_hidden_meanwhile_is_kept():
    part = form(field("a"), field("b", visible_when=all_of(rule("a", "equals", "1"))))
    found = load(part, {"a": "0", "b": "new"}, {"a": "1", "b": "old"})
    assert {"a": "1", "b": "old", **found.values} == {"a": "0", "b": "old"}


def test_visibility_is_decided_on_what_the_data_would_be():
    part = form(field("a"), field("b", visible_when=all_of(rule("a", "equals", "1"))))
    assert load(part, {"a": "1", "b": "x"}, {"a": "0"}).values == {"a": "1", "b": "x"}
    assert load(part, {"b": "x"}, {"a": "1"}).values == {"b": "x"}


def test_visibility_follows_the_computed_fields_as_they_will_be():
    total = field("total", "formula", config={"formula": "price * count"})
    reason = field("reason", required=True, visible_when=all_of(rule("total", "greater", "5000")))
    part = form(field("price", "money"), field("count", "number"), total, reason)
    assert codes(load(part, {"price": "3000", "count": "2"})) == {"reason": "field.required"}
    assert codes(load(part, {"price": "3000", "count": "1"}, {"total": "6000"})) == {}


def test_a_hidden_section_hides_its_fields():
    doc = {
        "key": "f", "title": {"en": "F"},
        "sections": [
            {"uid": "s1", "fields": [field("a")]},
            {"uid": "s2", "visible_when": all_of(rule("a", "equals", "1")), "fields": [field("b", required=True)]},
        ],
    }  # fmt: skip
    part = Form.from_json(doc)
    assert part.visible({"a": "0"}, NOW) == {"a"}
    assert codes(load(part, {"a": "0"})) == {}
    assert codes(load(part, {"a": "1"})) == {"b": "field.required"}


def test_a_condition_that_is_wrong_hides_nothing():
    assert form(field("a", visible_when=all_of(rule("gone", "equals", "1")))).visible({}, NOW) == {"a"}


def test_computed_fields_follow_and_may_use_those_before_them():
    part = form(
        field("price", "money"),
        field("net", "formula", config={"formula": "price / 1.06", "places": 2}),
        field("tax", "formula", config={"formula": "price - net", "places": 2}),
    )
    assert load(part, {"price": "5000"}).values == {"price": "5000.00", "net": "4716.98", "tax": "283.02"}


def test_a_computed_field_cannot_be_sent_and_is_none_where_it_has_no_value():
    part = form(
        field("a", "number"),
        field("b", "formula", config={"formula": "1 / a"}),
        field("c", "formula", config={"formula": "a +"}),
    )
    assert load(part, {"a": "4", "b": "99"}).values == {"a": "4", "b": "0.25", "c": None}
    assert load(part, {"a": "0"}).values == {"a": "0", "b": None, "c": None}


def test_a_computed_number_that_is_too_large_is_none_and_breaks_nothing():
    part = form(field("a", "number"), field("b", "formula", config={"formula": "a * a * a", "places": 2}))
    assert load(part, {"a": "999999999999"}).values["b"] is None


def test_a_note_holds_no_value():
    part = form(field("about", "note"), field("a"))
    assert load(part, {"about": "x", "a": "1"}).values == {"a": "1"}
    assert list(part.kinds) == ["a"]
    assert part.gather(lambda name: ["x"]) == {"a": "x"}


def test_a_moment_without_a_zone_is_meant_where_the_person_is():
    part = form(field("m", "moment"))
    assert part.load({"m": "2026-10-01T17:00"}, {}, EVERYTHING, SHANGHAI, NOW).values == {"m": "2026-10-01T09:00:00Z"}
    assert part.load({"m": "2026-10-01T17:00+02:00"}, {}, EVERYTHING, SHANGHAI, NOW).values == {"m": "2026-10-01T15:00:00Z"}


def test_defaults_stand_in_an_empty_form_and_today_is_the_day_it_is_opened():
    part = form(
        field("d", "date", default="today"), field("t", default="today"), field("n", default=""), field("c", default="x")
    )
    assert part.defaults(datetime(2026, 10, 1, 23, tzinfo=SHANGHAI)) == {"d": "2026-10-01", "t": "today", "c": "x"}


def test_which_values_only_the_host_can_know():
    part = form(
        field("a"),
        field("p", "person"),
        field("r", "record", config={"entity": "e"}),
        field("f", "files"),
        field("w", "region"),
        field("u", "unit"),
    )
    assert {one.key for one in part.references(part.fields)} == {"p", "r", "f", "w", "u"}


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["", "x", "y"])),
    st.dictionaries(st.sampled_from("abcdef"), st.just("old")),
    st.data(),
)
def test_no_submit_writes_beyond_its_rights_or_into_what_is_not_visible(raw, data, draw):
    keys = "abcdef"
    rights = {key: draw.draw(st.sampled_from(["hidden", "read", "write", "required"])) for key in keys}
    asks = {key: draw.draw(st.none() | st.sampled_from(keys)) for key in keys}
    part = form(*(field(key, **({"visible_when": all_of(rule(asks[key], "not_empty"))} if asks[key] else {})) for key in keys))
    found = load(part, raw, data, rights)
    visible = part.visible({**data, **found.values}, NOW)
    assert all(rights[key] in ("write", "required") and key in visible for key in found.values)
    assert all(key in visible for key in found.errors)
    if not found.errors:
        assert all({**data, **found.values}.get(key) for key in keys if rights[key] == "required" and key in visible)


def test_a_form_asks_with_the_clock_it_is_given():
    part = form(field("d", "formula", config={"formula": "YEAR(TODAY())"}))
    assert part.load({}, {}, EVERYTHING, UTC, datetime(2031, 1, 1, tzinfo=UTC)).values == {"d": "2031"}


def test_texts_and_days_are_calculated_too_and_asked_by_conditions():
    part = form(
        field("paid", "money"),
        field("bought", "date"),
        field("capitals", "formula_text", config={"formula": "RMBCAP(paid)"}),
        field("ends", "formula_date", config={"formula": "EDATE(bought, 12)"}),
        field("why", visible_when=all_of(rule("ends", "in_past"), rule("capitals", "contains", "贰佰"))),
    )
    found = load(part, {"paid": "1200.50", "bought": "2024-02-29", "why": "late", "capitals": "typed"})
    assert found.values["capitals"] == "壹仟贰佰元伍角整"
    assert found.values["ends"] == "2025-02-28"
    assert found.values["why"] == "late"
    assert load(part, {"paid": "1200.50"}).values["ends"] is None


def test_a_default_that_nobody_could_type_is_none_and_any_other_as_it_would_be_kept():
    part = form(
        field("n", "number", default="today"), field("rows", "subform", config={"columns": [field("c")]}, default="today"),
        field("f", "files", default=1), field("b", "boolean", default=" "), field("m", "money", default="٣"),
    )  # fmt: skip
    assert part.defaults(NOW) == {"m": "3.00"}


def test_what_is_hidden_is_never_typed_or_asked_and_has_its_default():
    part = form(
        field("channel", "hidden", default="web", required=True), field("told", "formula_text", config={"formula": "channel"})
    )
    assert part.right("channel", EVERYTHING) == "hidden"
    assert load(part, {"channel": "typed"}).values == {"channel": "web", "told": "web"}
    assert load(part, {"channel": "typed"}, {"channel": "phone"}).values == {"told": "phone"}


def test_of_a_draft_with_two_fields_of_one_key_it_is_told_what_shows():
    one = field("a", visible_when=all_of(rule("b", "equals", "x")))
    part = form(one, {**one, "uid": "other"}, field("b"))
    assert [part.visible(data, NOW) for data in ({}, {"b": "x"})] == [{"b"}, {"a", "b"}]

"""A form as it is drawn: what somebody with these rights sees."""

from dougong.runtime.fields._type import Codes
from dougong.runtime.form import Form
from dougong.runtime.form_view import form_view, shown
from dougong.runtime.reason import Reason
from tests.drawing import NOW, all_of, field, form, options, rule, text

ONE = {"uid": "s1", "title": text("one"), "fields": [field("a", required=True), field("b", "choice", config=options("x", "y"))]}
OTHER = {
    "uid": "s2",
    "visible_when": all_of(rule("b", "equals", "x")),
    "fields": [field("c", "money", config={"currency": "CNY"})],
}
TWO = Form.from_json({"key": "f", "title": text("f"), "sections": [ONE, OTHER]})


def drawn(rights, data=None, raw=None, errors=None, of=TWO):
    return form_view(of, data or {}, rights, NOW, "zh-Hans", Codes(), raw, errors)


def fields(views):
    return {one.field.key: one for section in views for one in section.fields}


def test_hidden_fields_are_not_there_and_sections_without_fields_neither():
    views = drawn({"*": "read", "a": "hidden", "c": "hidden"}, {"a": "secret"})
    assert [section.uid for section in views] == ["s1"]
    assert list(fields(views)) == ["b"]


def test_a_section_shows_by_its_condition_and_its_fields_with_it():
    for data, shows in (({"b": "x"}, True), ({"b": "y"}, False), ({}, False)):
        views = drawn({"*": "write"}, data)
        assert [section.visible for section in views] == [True, shows]
        assert fields(views)["c"].visible is shows


def test_what_must_be_filled_in_is_marked_only_where_it_can_be():
    assert fields(drawn({"*": "write"}))["a"].required
    assert not fields(drawn({"*": "read"}))["a"].required
    assert fields(drawn({"*": "read", "b": "required"}))["b"].required
    assert fields(drawn({"*": "read", "b": "required"}))["b"].writable
    assert not fields(drawn({"*": "read"}))["b"].writable


def test_what_was_typed_and_refused_stands_there_again_with_its_error():
    views = fields(drawn({"*": "write"}, {"c": "5.00"}, {"b": "x", "c": "many"}, {"c": Reason("field.number.invalid")}))
    assert (views["c"].value, views["c"].visible, views["c"].error.code) == ("many", True, "field.number.invalid")
    assert views["a"].error is None


def test_a_value_is_shown_in_words():
    assert fields(drawn({"*": "read"}, {"b": "x", "c": "1234.50"}))["c"].shown == "1,234.50 CNY"
    assert fields(drawn({"*": "read"}, {"b": "x"}))["b"].shown == "X"
    assert fields(drawn({"*": "read"}))["a"].shown == ""


def test_a_value_that_is_not_of_its_kind_any_more_breaks_nothing():
    part = form(field("r", "region"), field("m", "money"), field("f", "files"), field("cs", "choices", config=options("a")))
    for key, odd in (("r", "44"), ("m", "many"), ("f", "x"), ("cs", 5), ("m", {"a": 1})):
        assert isinstance(shown(part.fields[key], odd, "en", Codes()), str)

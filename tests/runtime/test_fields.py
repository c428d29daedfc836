"""Every kind of input: what it takes, what it refuses, how it is kept, gathered from a browser and shown."""

import pytest
from jsonschema import Draft202012Validator

from dougong import schemas
from dougong.runtime.config import DECIMAL
from dougong.runtime.fields import FIELD_TYPES
from dougong.runtime.rules import problems
from dougong.runtime.values import KINDS, comparable, missing
from tests.drawing import NOW, all_of, field, form, load, options, rule, text

AB = options("a", "b")
TREE = {
    "options": [
        {"uid": "home", "key": "home", "title": text("家电")},
        {"uid": "fridge", "key": "fridge", "title": text("冰箱"), "parent": "home"},
        {"uid": "loop", "key": "loop", "title": text("自身"), "parent": "loop"},
    ]
}
COLUMNS = {"columns": [field("a"), field("n", "number")]}

GOOD = [
    ("text", {}, " 漏 水\n了 ", "漏 水 了"),
    ("text", {}, "x" * 200, "x" * 200),
    ("text", {"max_length": 3}, "漏水了", "漏水了"),
    ("textarea", {}, "一\r\n二  三 ", "一\n二  三"),
    ("textarea", {}, "x" * 2000, "x" * 2000),
    ("number", {}, "1,234.50", "1234.5"),
    ("number", {}, "１２３", "123"),
    ("number", {}, 7, "7"),
    ("number", {}, "-0", "0"),
    ("number", {"min": "0", "max": "10"}, "10", "10"),
    ("number", {"places": 0}, "10.0", "10"),
    ("number", {}, "999999999999999999", "999999999999999999"),
    ("money", {}, "5000", "5000.00"),
    ("money", {}, "0.1", "0.10"),
    ("money", {}, "-0", "0.00"),
    ("money", {"places": 0}, "120", "120"),
    ("money", {"min": "0", "max": "200000"}, "200000", "200000.00"),
    ("date", {}, "2026-10-01", "2026-10-01"),
    ("moment", {}, "2026-10-01T17:00:00+08:00", "2026-10-01T09:00:00Z"),
    ("moment", {}, "2026-10-01T09:00", "2026-10-01T09:00:00Z"),
    ("choice", AB, "b", "b"),
    ("choices", AB, ["b", "a", "b"], ["a", "b"]),
    ("boolean", {}, "true", True),
    ("boolean", {}, "false", False),
    ("boolean", {}, False, False),
    ("rating", {}, "5", 5),
    ("rating", {"max": 10}, 10, 10),
    ("cascade", TREE, "fridge", "fridge"),
    ("scale", {}, "0", 0),
    ("scale", {"min": 1, "max": 5}, 5, 5),
    ("phone", {}, "138 0013 8000", "13800138000"),
    ("phone", {}, "0755-26001001", "0755-26001001"),
    ("phone", {}, "400-800-1234", "400-800-1234"),
    ("phone", {}, "+85221234567", "+85221234567"),
    ("email", {}, " a@b.cn ", "a@b.cn"),
    ("region", {}, {"region": "440305", "detail": " 科技园 "}, {"region": "440305", "detail": "科技园"}),
    ("region", {}, "44", {"region": "44"}),
    ("region", {}, {"region": "44", "detail": None}, {"region": "44"}),
    ("person", {}, "p1", {"id": "p1", "title": ""}),
    ("unit", {}, {"id": "u1", "title": "whatever"}, {"id": "u1", "title": ""}),
    ("record", {"entity": "customer"}, {"id": "r1"}, {"id": "r1", "title": ""}),
    ("subform", COLUMNS, [{"a": " x ", "n": "1,000"}, {}], [{"a": "x", "n": "1000"}]),
    ("files", {}, ["f1", {"id": "f2", "name": "x.jpg"}], [{"id": "f1", "title": ""}, {"id": "f2", "title": ""}]),
]
BAD = [
    ("text", {}, "x" * 201, "field.text.too_long"),
    ("text", {"max_length": 3}, "漏水了吗", "field.text.too_long"),
    ("text", {}, 5, "field.invalid"),
    ("text", {}, ["a"], "field.invalid"),
    ("textarea", {}, "x" * 2001, "field.text.too_long"),
    ("number", {}, "many", "field.number.invalid"),
    ("number", {}, "1e5", "field.number.invalid"),
    ("number", {}, "NaN", "field.number.invalid"),
    ("number", {}, "12,5", "field.number.invalid"),
    ("number", {}, "1,2,3", "field.number.invalid"),
    ("money", {}, "1,23", "field.number.invalid"),
    ("number", {}, "1.2.3", "field.number.invalid"),
    ("number", {}, "--1", "field.number.invalid"),
    ("number", {}, True, "field.number.invalid"),
    ("number", {}, 1.5, "field.number.invalid"),
    ("number", {}, "9" * 31, "field.number.invalid"),
    ("number", {}, "1" + "0" * 18, "field.number.too_large"),
    ("number", {"min": "0"}, "-0.01", "field.number.min"),
    ("number", {"max": "10"}, "10.01", "field.number.max"),
    ("number", {}, "0.1234567", "field.number.places"),
    ("number", {"places": 0}, "1.5", "field.number.places"),
    ("money", {}, "0.001", "field.number.places"),
    ("money", {}, "1" + "0" * 18, "field.number.too_large"),
    ("money", {"min": "0"}, "-1", "field.number.min"),
    ("money", {"max": "200000"}, "200000.01", "field.number.max"),
    ("date", {}, "2026-02-30", "field.date.invalid"),
    ("date", {}, "01/10/2026", "field.date.invalid"),
    ("date", {}, 5, "field.date.invalid"),
    ("moment", {}, "2026-13-01T00:00", "field.date.invalid"),
    ("moment", {}, "soon", "field.date.invalid"),
    ("moment", {}, "0001-01-01T00:00+08:00", "field.date.invalid"),
    ("choice", AB, "c", "field.choice.unknown"),
    ("choice", AB, ["a"], "field.invalid"),
    ("choices", AB, ["a", "c"], "field.choice.unknown"),
    ("choices", AB, "a", "field.invalid"),
    ("boolean", {}, "perhaps", "field.invalid"),
    ("boolean", {}, ["true"], "field.invalid"),
    ("rating", {}, 0, "field.rating.range"),
    ("rating", {}, 6, "field.rating.range"),
    ("rating", {}, "3.5", "field.rating.range"),
    ("rating", {}, 3.5, "field.rating.range"),
    ("rating", {}, True, "field.rating.range"),
    ("phone", {}, "12800138000", "field.phone.invalid"),
    ("phone", {}, "1380013800", "field.phone.invalid"),
    ("phone", {}, "138001380001", "field.phone.invalid"),
    ("email", {}, "a@", "field.email.invalid"),
    ("region", {}, "Guangdong", "field.region.unknown"),
    ("region", {}, ["44"], "field.region.unknown"),
    ("region", {}, {"detail": "x"}, "field.required"),
    ("region", {}, {"region": "44", "detail": "x" * 201}, "field.text.too_long"),
    ("person", {}, 5, "field.invalid"),
    ("unit", {}, "x" * 61, "field.invalid"),
    ("record", {"entity": "customer"}, {"title": "x"}, "field.invalid"),
    ("cascade", TREE, "home", "field.choice.unknown"),
    ("cascade", TREE, "moon", "field.choice.unknown"),
    ("scale", {}, "11", "field.scale.range"),
    ("scale", {"min": 1}, 0, "field.scale.range"),
    ("scale", {}, 1.5, "field.scale.range"),
    ("subform", COLUMNS, "many", "field.rows.invalid"),
    ("subform", {**COLUMNS, "max": 1}, [{"a": "1"}, {"a": "2"}], "field.rows.too_many"),
    ("subform", {**COLUMNS, "min": 2}, [{"a": "1"}], "field.rows.too_few"),
    ("files", {}, "f1", "field.invalid"),
    ("files", {"max": 1}, ["f1", "f2"], "field.files.too_many"),
    ("files", {}, [str(n) for n in range(10)], "field.files.too_many"),
]


@pytest.mark.parametrize(("type", "config", "raw", "kept"), GOOD)
def test_what_is_typed_well_is_kept_in_one_form(type, config, raw, kept):
    found = load(form(field("x", type, config=config)), {"x": raw})
    assert (found.values, found.errors) == ({"x": kept}, {})


@pytest.mark.parametrize(("type", "config", "raw", "kept"), GOOD)
def test_what_was_kept_loads_again_as_the_same_and_can_be_compared(type, config, raw, kept):
    part = form(field("x", type, config=config))
    again = load(part, {"x": kept}).values["x"]
    assert again == kept
    assert not missing(comparable(kept, part.fields["x"].kind))


@pytest.mark.parametrize(("type", "config", "raw", "code"), BAD)
def test_what_is_typed_wrongly_is_refused_with_a_reason(type, config, raw, code):
    found = load(form(field("x", type, config=config)), {"x": raw})
    assert found.errors["x"].code == code
    assert "x" not in found.values


def test_every_type_of_field_is_tried():
    typed = {name for name, kind in FIELD_TYPES.items() if not kind.computed and not kind.unseen}
    assert {type for type, *_ in GOOD} == typed
    assert {type for type, *_ in BAD} == typed


@pytest.mark.parametrize(
    ("type", "config", "raw", "params"),
    [
        ("text", {}, "x" * 201, {"max_length": 200}),
        ("text", {"max_length": 3}, "abcd", {"max_length": 3, "found": "abcd"}),
        ("number", {"min": "5"}, "4", {"min": "5", "found": "4"}),
        ("money", {}, "0.001", {"places": 2, "found": "0.001"}),
        ("rating", {}, "9", {"max": 5}),
        ("files", {}, ["a"] * 10, {"max": 9}),
    ],
)
def test_a_refusal_names_the_limit_and_what_was_found(type, config, raw, params):
    reason = load(form(field("x", type, config=config)), {"x": raw}).errors["x"]
    assert params.items() <= reason.params.items()


@pytest.mark.parametrize("name", FIELD_TYPES)
@pytest.mark.parametrize("nothing", [None, "", [], "   "])
def test_nothing_typed_is_nothing_kept(name, nothing):
    config = (
        AB
        if name in ("choice", "choices")
        else {"entity": "e"}
        if name == "record"
        else {"formula": "1"}
        if name.startswith("formula")
        else {}
    )
    found = load(form(field("x", name, config=config)), {"x": nothing})
    assert not found.errors
    assert found.values.get("x") in (None, "1")  # a computed field has its own value


@pytest.mark.parametrize(
    ("type", "config", "sent", "gathered"),
    [
        ("text", {}, {"x": ["a", "b"]}, "b"),
        ("text", {}, {}, None),
        ("boolean", {}, {"x": ["false", "true"]}, "true"),
        ("boolean", {}, {"x": ["false"]}, "false"),
        ("choices", AB, {"x": ["a", "b"]}, ["a", "b"]),
        ("files", {}, {"x": ["", "f1"]}, ["f1"]),
        (
            "region",
            {},
            {"x.1": ["44"], "x.2": ["4403"], "x.3": [""], "x.detail": ["科技园"]},
            {"region": "4403", "detail": "科技园"},
        ),
        ("region", {}, {"x.1": [""]}, None),
    ],
)
def test_a_browsers_form_is_gathered(type, config, sent, gathered):
    assert form(field("x", type, config=config)).gather(lambda name: sent.get(name, [])) == {"x": gathered}


class Places:
    def region(self, code, language):
        return {"zh-Hans": "广东省深圳市", "en": "Shenzhen, Guangdong"}[language]


@pytest.mark.parametrize(
    ("type", "config", "value", "zh", "en"),
    [
        ("text", {}, "漏水", "漏水", "漏水"),
        ("number", {"unit": {"zh-Hans": "个月", "en": "months"}}, "12", "12 个月", "12 months"),
        ("money", {"currency": "CNY"}, "12345.60", "12,345.60 CNY", "12,345.60 CNY"),
        ("money", {}, "12345.60", "12,345.60", "12,345.60"),
        ("choice", AB, "a", "A", "A"),
        ("choice", AB, "gone", "gone", "gone"),
        ("choices", AB, ["a", "b"], "A、B", "A, B"),
        ("boolean", {}, True, "是", "Yes"),
        ("boolean", {}, False, "否", "No"),
        ("rating", {}, 4, "4 / 5", "4 / 5"),
        ("region", {}, {"region": "4403", "detail": "科技园"}, "广东省深圳市 科技园", "Shenzhen, Guangdong 科技园"),
        ("unit", {}, {"id": "u", "title": {"zh-Hans": "华南", "en": "South"}}, "华南", "South"),
        ("record", {"entity": "e"}, {"id": "r", "title": "诚信家电"}, "诚信家电", "诚信家电"),
        ("files", {}, [{"id": "f", "name": "a.jpg"}, {"id": "g", "name": "b.jpg"}], "a.jpg, b.jpg", "a.jpg, b.jpg"),
    ],
)
def test_a_value_is_shown_in_words(type, config, value, zh, en):
    part = form(field("x", type, config=config)).fields["x"]
    assert part.type.show(value, part.config, "zh-Hans", Places()) == zh
    assert part.type.show(value, part.config, "en", Places()) == en


@pytest.mark.parametrize("kind", FIELD_TYPES.values(), ids=lambda kind: kind.name)
def test_a_type_declares_itself_wholly(kind):
    assert set(kind.title) == set(kind.help) == {"zh-Hans", "en"}
    assert kind.kind in KINDS
    judge = schemas.config_validator(kind.config)
    Draft202012Validator.check_schema(judge.schema)
    assert not list(judge.iter_errors({})) or kind.config.get("required")
    assert list(judge.iter_errors({"never_heard_of": 1}))
    for setting in kind.config.get("properties", {}).values():
        assert set(setting["x-title"]) == {"zh-Hans", "en"}


def test_the_decimals_of_a_config_are_texts_not_floats():
    judge = schemas.config_validator({"properties": {"min": DECIMAL}})
    assert not list(judge.iter_errors({"min": "-1.50"}))
    assert list(judge.iter_errors({"min": 1.5}))
    assert list(judge.iter_errors({"min": "1e5"}))


def test_titles_of_options_are_found_in_another_language_where_one_is_missing():
    config = {"options": [{"uid": "a", "key": "a", "title": {"zh-Hans": "漏水"}}]}
    part = form(field("x", "choice", config=config)).fields["x"]
    assert part.type.show("a", config, "en", Places()) == "漏水"


def test_a_field_whose_settings_cannot_be_read_is_left_out():
    doc = form(field("x", "number", config={"min": "many"}), field("y", "choice", config={"options": [1]}), field("z"))
    assert list(doc.fields) == ["z"]


def test_a_field_of_an_unknown_type_is_left_out():
    assert list(form(field("x", "hologram"), field("y")).fields) == ["y"]
    assert text("y")["en"] == "y"


def test_a_branch_is_told_with_what_it_lies_in():
    part = form(field("x", "cascade", config=TREE)).fields["x"]
    assert part.type.show("fridge", part.config, "zh-Hans", None) == "家电 / 冰箱"
    assert part.type.show("loop", part.config, "zh-Hans", None) == "loop"


def test_a_condition_asks_for_an_option_of_a_tree_with_what_lies_below_it():
    whole = form(field("x", "cascade", config=TREE), field("why", visible_when=all_of(rule("x", "under", ["home"]))))
    assert "why" in whole.visible({"x": "fridge"}, NOW) and "why" not in whole.visible({}, NOW)
    assert [reason.code for _, reason in problems(all_of(rule("c", "under", ["a"])), {"c": "choice"})] == [
        "condition.operator_not_for_field"
    ]

"""What each kind of step does and refuses; who may do it; and what its check says before publishing."""

import pytest
from jsonschema import Draft202012Validator

from dougong import schemas
from dougong.runtime import interpreter
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.world import World
from tests.drawing import NOW, chain, edge, field, flow, form_doc, node, options, rule, task, text, world
from tests.drawing import all_of as both

TICKET = form_doc(
    field("note"), field("amount", "money", config={"max": "9999"}), field("count", "number", config={"places": 1}),
    field("level", "choice", config=options("vip", "regular")), field("tags", "choices", config=options("a", "b")),
    field("day", "date"), field("late", "boolean"), field("who", "person"), field("place", "region"), field("team", "unit"),
    field("stars", "rating"), field("dealer", "record", config={"entity": "dealer"}), field("total", "money"),
    field("sum", "formula", config={"formula": "1"}),
)  # fmt: skip


def asked(who, data=None, **facts):
    """What the world is asked when a step is done by these people."""
    definition = chain(task("a", who=who), "end", refs=(TICKET,))
    step = interpreter.start(definition, data or {}, world(), **facts)
    return [question.args for question, _ in step.answers]


PLACE = {"region": "440305", "detail": "科技园"}


@pytest.mark.parametrize(
    ("who", "question"),
    [
        ({"by": "role", "role": "clerk"}, {"by": "role", "role": "clerk"}),
        (
            {"by": "role_in_unit", "role": "engineer", "unit": {"of": "region", "field": "place"}},
            {"by": "role_in_unit", "role": "engineer", "region": "440305"},
        ),
        (
            {"by": "role_in_unit", "role": "engineer", "unit": {"of": "field", "field": "team"}},
            {"by": "role_in_unit", "role": "engineer", "unit": "u7"},
        ),
        ({"by": "unit", "unit": {"of": "initiator"}}, {"by": "unit", "unit": "u1"}),
        ({"by": "unit_head", "unit": {"of": "field", "field": "team"}}, {"by": "unit_head", "unit": "u7"}),
        ({"by": "person_field", "field": "who"}, {"by": "person", "person": "p9"}),
        ({"by": "initiator"}, {"by": "person", "person": "alice"}),
        ({"by": "handler", "node": "never"}, {"by": "person", "person": None}),
        ({"by": "handler", "node": "start"}, {"by": "person", "person": "alice"}),
        ({"by": "customer"}, {"by": "customer"}),
    ],
)
def test_who_is_asked_without_any_field_of_the_ticket_in_it(who, question):
    data = {"place": PLACE, "team": {"id": "u7", "title": "x"}, "who": {"id": "p9", "title": "王工"}}
    assert asked(who, data, initiator="person:alice", unit="u1") == [question]
    judge = schemas.config_validator(NODE_TYPES["user_task"].config)
    assert list(judge.iter_errors({"who": who})) == []


@pytest.mark.parametrize(
    ("who", "path", "lacks"),
    [
        ({"by": "role_in_unit", "unit": {"of": "initiator"}}, "/who", "角色"),
        ({"by": "unit", "unit": {"of": "region"}}, "/who/unit", "字段"),
        ({"by": "nth_head", "unit": {"of": "initiator"}}, "/who", "第几级"),
        ({"by": "handler"}, "/who", "节点"),
        ({"by": "table", "inputs": {}}, "/who", "决策表"),
    ],
)
def test_what_is_not_said_yet_of_who_is_called_as_the_inspector_calls_it(who, path, lacks):
    judge = schemas.config_validator(NODE_TYPES["user_task"].config)
    [(where, code, params)] = schemas.errors(judge, {"who": who})
    assert (where, code, params["key"]["zh-Hans"]) == (path, "schema.required", lacks)


def test_who_is_asked_where_the_field_is_empty():
    assert asked({"by": "person_field", "field": "who"}) == [{"by": "person", "person": None}]
    assert asked({"by": "unit", "unit": {"of": "region", "field": "place"}}) == [{"by": "unit", "region": None}]
    assert asked({"by": "unit", "unit": {"of": "region", "field": "place"}}, {"place": "44"}) == [
        {"by": "unit", "region": "44"}
    ]


def test_a_task_for_the_customer_is_marked_as_such():
    definition = chain(task("a", who={"by": "customer"}), "end", refs=(TICKET,))
    [(_, effect)] = interpreter.start(definition, {}, world()).effects
    assert effect.args == {"principals": ["role:anybody"], "customer": True}


# --- set


def set_to(formula, target="note", data=None):
    step = node("s", "set", fields=[{"uid": "s1", "field": target, "formula": formula}])
    case = interpreter.start(chain(step, "end", refs=(TICKET,)), data or {}, world()).case
    return case.data.get(target) if case.status == "done" else next(iter(case.tokens.values())).reason.code


@pytest.mark.parametrize(
    ("formula", "target", "kept"),
    [
        ('"x" & 1.50', "note", "x1.5"),
        ("1.005", "amount", "1.01"),
        ("-1.005", "amount", "-1.01"),
        ("1 / 3", "amount", "0.33"),
        ("2.25", "count", "2.3"),
        ("4", "stars", 4),
        ('"vip"', "level", "vip"),
        ('"b"', "tags", ["b"]),
        ("TODAY()", "day", "2026-01-05"),
        ("1 = 1", "late", True),
        ('""', "note", None),
        ('"p1"', "who", {"id": "p1", "title": ""}),
        ("1 / 0", "note", "formula.division_by_zero"),
        ("gone", "note", "formula.unknown_field"),
        ("1 +", "note", "formula.expected_value"),
        ('"gold"', "level", "case.value_does_not_fit"),
        ("10000", "amount", "case.value_does_not_fit"),
        ('"text"', "amount", "case.value_does_not_fit"),
        ("3.5", "stars", "case.value_does_not_fit"),
        ("999999999999999999 * 999999999999999999", "amount", "formula.too_large"),
        ("1", "gone", "check.no_such_field"),
    ],
)
def test_a_field_is_set_by_formula_or_the_token_stops_with_the_reason(formula, target, kept):
    assert set_to(formula, target) == kept


@pytest.mark.parametrize(
    ("formula", "target", "kept"),
    [
        ("who", "note", "王工"),
        ('"由 " & who', "note", "由 王工"),
        ("who", "who", {"id": "p9", "title": "王工"}),
        ('IF(who = "p9", who, "p1")', "who", {"id": "p9", "title": "王工"}),
    ],
)
def test_a_member_reads_by_name_and_is_set_and_compared_by_id(formula, target, kept):
    assert set_to(formula, target, {"who": {"id": "p9", "title": "王工"}}) == kept


def test_one_may_use_what_those_before_it_have_set():
    step = node(
        "s",
        "set",
        fields=[{"uid": "1", "field": "amount", "formula": "2"}, {"uid": "2", "field": "total", "formula": "amount * 3"}],
    )
    case = interpreter.start(chain(step, "end", refs=(TICKET,)), {"amount": "50.00"}, world()).case
    assert (case.data["amount"], case.data["total"]) == ("2.00", "6.00")


def test_what_is_calculated_follows_what_a_step_writes():
    own = form_doc(
        field("amount", "money"), field("fee", "formula", config={"formula": "amount * 0.1", "places": 2}),
        field("left", "formula", config={"formula": "amount - fee", "places": 2}),
    )  # fmt: skip
    step = node("s", "set", fields=[{"uid": "1", "field": "amount", "formula": "50"}])
    case = interpreter.start(chain(step, "end", refs=(own,)), {"amount": "10.00", "fee": "1", "left": "9"}, world()).case
    assert case.data == {"amount": "50.00", "fee": "5", "left": "45"}


def test_where_a_later_assignment_fails_none_is_kept():
    step = node(
        "s", "set", fields=[{"uid": "1", "field": "amount", "formula": "2"}, {"uid": "2", "field": "total", "formula": "1 / 0"}]
    )
    case = interpreter.start(chain(step, "end", refs=(TICKET,)), {"amount": "50.00"}, world()).case
    assert (case.status, case.data) == ("failed", {"amount": "50.00"})


def test_of_two_forms_with_the_same_field_the_tickets_own_counts():
    other = form_doc(field("amount", "number", config={"places": 6}), key="other")
    nodes = [
        node("start", "start"),
        task("a", form="other"),
        node("s", "set", fields=[{"uid": "1", "field": "amount", "formula": "1.005"}]),
        node("end", "end"),
    ]
    for refs in ((other, TICKET), (TICKET, other)):
        definition = flow(nodes, ["start>s", "s>a", "a>end"], *refs)
        assert interpreter.start(definition, {}, world()).case.data["amount"] == "1.01"


# --- notify


def test_a_notice_is_told_with_the_values_in_words_and_nobody_is_waited_for():
    words = {"zh-Hans": "{level} 客户：{note}，{amount} 元{gone}", "en": "{level}: {note}, {late}"}
    step = node("n", "notify", to={"by": "role", "role": "desk"}, text=words, copy=True)
    done = interpreter.start(
        chain(step, "end", refs=(TICKET,)), {"level": "vip", "note": "漏水", "amount": "1234.50", "late": True}, world()
    )
    assert done.case.status == "done"
    [(_, effect)] = done.effects
    assert (effect.kind, effect.args["principals"], effect.args["copy"]) == ("notify", ["role:desk"], True)
    assert effect.args["text"] == {"zh-Hans": "VIP 客户：漏水，1,234.50 元", "en": "VIP: 漏水, Yes"}


def test_a_field_in_a_notice_cannot_bring_in_another():
    step = node("n", "notify", to={"by": "customer"}, text={"en": "{note}"})
    [(_, effect)] = interpreter.start(
        chain(step, "end", refs=(TICKET,)), {"note": "{amount}", "amount": "1.00"}, world()
    ).effects
    assert effect.args["text"] == {"en": "{amount}"}


# --- settle


LEVEL, GRADE = options("vip", "regular"), options("A", "B")
FEE = {
    "format": 1, "uid": "fee", "kind": "settlement", "key": "fee", "title": text("fee"),
    "partner": "dealer", "date": "day", "currency": "CNY",
    "inputs": [
        field("dealer", "record", config={"entity": "dealer"}), field("day", "date"), field("level", "choice", config=LEVEL),
        field("hours", "number"), {**field("grade", "choice", config=GRADE), "from": {"input": "dealer", "field": "grade"}},
    ],
    "line": {
        "dimensions": [{"uid": "g", "input": "grade"}, {"uid": "l", "input": "level"}],
        "rules": [
            {"uid": "a", "when": {"g": {"in": ["A"]}}, "charge": {"model": "base_rate", "amount": "120", "rate": "1.2"}},
            {"uid": "rest", "when": {"l": {"in": ["vip", "regular"]}}, "charge": {"model": "flat", "amount": "80"}},
        ],
    },
}  # fmt: skip
INPUTS = {"dealer": "dealer", "level": "level"}


def settled(data, found=None, **config):
    step = node("s", "settle", **{"settlement": "fee", "inputs": INPUTS, "amount_field": "amount", **config})
    the_world = World(NOW, lambda question: {**question.args["values"], **(found or {})}, "person:anna")
    return interpreter.start(chain(step, "end", refs=(TICKET, FEE)), data, the_world)


def test_a_visit_is_priced_and_its_line_written():
    done = settled({"dealer": {"id": "d1", "title": "诚信"}, "level": "vip"}, {"grade": "A"})
    assert (done.case.status, done.case.data["amount"]) == ("done", "144.00")
    [(_, effect)] = done.effects
    assert effect.kind == "settle"
    assert effect.args["partner"] == {"id": "d1", "title": "诚信"}
    assert (effect.args["amount"], effect.args["rule"], effect.args["date"]) == ("144.00", "a", "2026-01-05")
    assert effect.args["values"]["grade"] == "A"


def test_the_business_date_is_today_only_where_none_is_given():
    given = settled({"dealer": "d1", "level": "vip", "day": "2025-12-31"}, inputs={**INPUTS, "day": "day"})
    empty = settled({"dealer": "d1", "level": "vip", "day": None}, inputs={**INPUTS, "day": "day"})
    assert [step.effects[0][1].args["date"] for step in (given, empty)] == ["2025-12-31", "2026-01-05"]


def test_the_recorded_answer_is_what_the_world_said():
    [(_, answer)] = settled({"dealer": "d1", "level": "vip"}).answers
    assert answer == {"dealer": "d1", "level": "vip"}


def test_what_cannot_be_priced_stops_the_token_with_the_reason():
    case = settled({"dealer": "d1"}).case
    assert next(iter(case.tokens.values())).reason.code == "settle.no_rule"
    assert "amount" not in case.data
    gone = settled({}, settlement="gone").case
    assert next(iter(gone.tokens.values())).reason.code == "check.no_such_settlement"


def test_without_a_field_for_the_amount_only_the_line_is_written():
    assert settled({"dealer": "d1", "level": "vip"}, amount_field="").case.data == {"dealer": "d1", "level": "vip"}


# --- what is said before publishing


def said(step, *refs):
    definition = chain(step, "end", refs=(TICKET, *refs))
    return [(path, reason.code) for path, reason in NODE_TYPES[step["type"]].check(definition, definition.node[step["uid"]])]


@pytest.mark.parametrize(
    ("step", "problems"),
    [
        (task("a"), []),
        (task("a", who={"by": "person_field", "field": "note"}), [("/who", "check.field_of_kind")]),
        (task("a", who={"by": "person_field", "field": "gone"}), [("/who", "check.field_of_kind")]),
        (task("a", who={"by": "unit", "unit": {"of": "region", "field": "team"}}), [("/who", "check.field_of_kind")]),
        (task("a", who={"by": "unit", "unit": {"of": "field", "field": "place"}}), [("/who", "check.field_of_kind")]),
        (task("a", who={"by": "handler", "node": "gone"}), [("/who", "check.no_such_step")]),
        (task("a", who={"by": "handler", "node": "end"}), [("/who", "check.no_such_step")]),
        (task("a", rights={"gone": "read", "*": "write"}), [("/rights/gone", "check.no_such_field")]),
        (task("a", form="gone"), [("/form", "check.step_without_form")]),
        (task("a", buttons="level"), []),
        (task("a", buttons="note"), [("/buttons", "check.field_of_kind")]),
        (task("a", buttons="gone"), [("/buttons", "check.field_of_kind")]),
        (task("a", buttons="level", rights={"level": "read"}), [("/buttons", "check.buttons_not_writable")]),
        (
            node("n", "notify", to={"by": "handler", "node": "gone"}, text={"en": "{note} {gone}"}),
            [("/to", "check.no_such_step"), ("/text/en", "check.no_such_field")],
        ),
        (
            node("s", "set", fields=[{"uid": "1", "field": "gone", "formula": "1"}]),
            [("/fields/0/field", "check.no_such_field")],
        ),
        (node("s", "set", fields=[{"uid": "1", "field": "sum", "formula": "1"}]), [("/fields/0/field", "check.no_such_field")]),
        (
            node("s", "set", fields=[{"uid": "1", "field": "note", "formula": "1 +"}]),
            [("/fields/0/formula", "formula.expected_value")],
        ),
        (node("s", "settle", settlement="gone", inputs={}), [("/settlement", "check.no_such_settlement")]),
        (node("s", "settle", settlement="fee", inputs=INPUTS, amount_field="amount"), []),
        (node("s", "settle", settlement="fee", inputs={"level": "level"}), [("/inputs", "check.input_not_filled")]),
        (node("s", "settle", settlement="fee", inputs={**INPUTS, "gone": "note"}), [("/inputs/gone", "check.no_such_input")]),
        (node("s", "settle", settlement="fee", inputs={**INPUTS, "day": "gone"}), [("/inputs/day", "check.no_such_field")]),
        (node("s", "settle", settlement="fee", inputs={**INPUTS, "day": "note"}), [("/inputs/day", "check.field_of_kind")]),
        (node("s", "settle", settlement="fee", inputs={**INPUTS, "hours": "note"}), [("/inputs/hours", "check.field_of_kind")]),
        (node("s", "settle", settlement="fee", inputs=INPUTS, amount_field="note"), [("/amount_field", "check.field_of_kind")]),
    ],
)
def test_what_the_schema_of_a_step_cannot_say(step, problems):
    assert said(step, FEE) == problems


def test_a_decision_wants_one_default():
    def of(*edges):
        definition = flow([node("start", "start"), node("d", "decide"), node("end", "end")], ["start>d", *edges], TICKET)
        return [reason.code for _, reason in NODE_TYPES["decide"].check(definition, definition.node["d"])]

    yes = both(rule("note", "not_empty"))
    assert of(edge("d>end", yes, uid="1"), edge("d>end", default=True, uid="2")) == []
    assert of(edge("d>end", yes, uid="1"), edge("d>end", yes, uid="2")) == ["check.no_default"]
    assert of(edge("d>end", default=True, uid="1"), edge("d>end", default=True, uid="2")) == ["check.two_defaults"]


@pytest.mark.parametrize("kind", NODE_TYPES.values(), ids=lambda kind: kind.name)
def test_a_type_declares_itself_wholly(kind):
    assert set(kind.title) == set(kind.help) == {"zh-Hans", "en"}
    assert kind.family in ("people", "routing", "time", "work", "ends")
    judge = schemas.config_validator(kind.config)
    Draft202012Validator.check_schema(judge.schema)
    assert list(judge.iter_errors({"never_heard_of": 1}))
    for setting in kind.config.get("properties", {}).values():
        assert set(setting["x-title"]) == {"zh-Hans", "en"}
        assert set(setting.get("x-help", {"zh-Hans": 0, "en": 0})) == {"zh-Hans", "en"}


def test_rights_where_nothing_is_configured():
    own = form_doc(field("extra"), key="own")
    definition = chain(
        task("a", rights={}),
        task("b", form="own", rights={}),
        task("c", form="form", rights={"note": "write"}),
        "end",
        refs=(TICKET, own),
    )
    assert definition.rights_of(definition.start) == {"*": "write"}
    assert definition.rights_of(definition.node["a"]) == {"*": "read"}
    assert definition.rights_of(definition.node["b"]) == {"*": "write"}
    assert definition.rights_of(definition.node["c"]) == {"*": "read", "note": "write"}
    assert definition.kinds["extra"] == "text"
    assert definition.form_of(definition.node["b"]).key == "own"


def test_of_what_it_is_given_a_definition_takes_only_what_it_names():
    stranger = form_doc(field("note", "number"), field("strange"), key="stranger")
    broken = form_doc(field("x", "number", config={"min": "many"}), key="broken")
    definition = chain(task("a"), "end", refs=(stranger, TICKET, broken, FEE))
    assert (list(definition.forms), list(definition.settlements)) == (["form"], [])
    assert definition.field("strange") is None
    assert definition.field("note").kind == "text"


@pytest.mark.parametrize(
    ("kind", "config", "asks"),
    [
        ("receive", {"name": "付款完成"}, "只用字母、数字和 _ . -"),
        ("http", {"connection": "erp", "path": "orders"}, "以 / 开头，不含空格"),
        ("http", {"connection": "ERP 系统", "path": "/orders"}, "小写字母开头，只用小写字母、数字和 _，最多 40 个"),
        ("start", {"every": "day", "at": "9点"}, "如 09:30"),
    ],
)
def test_what_is_not_well_formed_is_told_how_in_words(kind, config, asks):
    [(_, code, params)] = schemas.errors(schemas.config_validator(NODE_TYPES[kind].config), config)
    assert (code, params["expected"]["zh-Hans"]) == ("schema.pattern", asks)


def test_what_a_ticket_has_to_itself_may_be_called_anything():
    for kind in ("hold", "release"):
        assert not list(schemas.errors(schemas.config_validator(NODE_TYPES[kind].config), {"name": "三号吊车"}))


def test_what_the_card_says_first_tells_the_choices_apart():
    for kind in NODE_TYPES.values():
        for setting in kind.config.get("properties", {}).values():
            if setting.get("x-told") and "x-options" in setting:
                told = [words["zh-Hans"].partition("（")[0] for words in setting["x-options"].values()]
                assert len(set(told)) == len(told), kind.name

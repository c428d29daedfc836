"""The formula language: what it reads, what it answers, and how it says what is wrong."""

import json
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dougong.runtime.formula import MAX_DEPTH, MAX_LENGTH, compile_formula
from dougong.runtime.functions import ALIASES, FUNCTIONS, FormulaFault
from dougong.runtime.values import plain
from tests.drawing import NOW

GIVEN = json.loads(files("dougong.schemas").joinpath("vectors", "formulas.json").read_text("utf-8"))
KINDS = {
    "a": "number", "b": "number", "t": "text", "c": "choice", "yes": "boolean", "d": "date", "e": "date", "m": "datetime",
    "cs": "choices", "f": "files", "p": "person",
}  # fmt: skip


def value(text, **data):
    return compile_formula(text, KINDS).value(data, NOW)


def written(text, **data):
    found = value(text, **data)
    return plain(found) if isinstance(found, Decimal) else found


def reason(text, **data):
    with pytest.raises(FormulaFault) as caught:
        value(text, **data)
    return caught.value.reason


@pytest.mark.parametrize("vector", GIVEN["vectors"], ids=lambda vector: vector["formula"][:80])
def test_vector(vector):
    now = datetime.fromisoformat(vector.get("now", GIVEN["now"])).astimezone(ZoneInfo(vector.get("zone", GIVEN["zone"])))
    try:
        found = as_json(compile_formula(vector["formula"], GIVEN["kinds"]).value(vector.get("data", {}), now))
    except FormulaFault as fault:
        place = {"position": fault.reason.params["position"]} if "position" in (vector["answer"] or {}) else {}
        found = {"fault": fault.reason.code, **place}
    assert found == vector["answer"]


def as_json(value):
    match value:
        case Decimal():
            return {"number": plain(value)}
        case date():
            return {"date": value.isoformat()}
        case tuple():
            return list(value)
    return value


def test_every_function_is_tried_by_a_vector_and_by_each_of_its_names():
    tried = "".join(vector["formula"] for vector in GIVEN["vectors"])
    assert {name for name in [*FUNCTIONS, *ALIASES] if f"{name}(" not in tried} <= {"SYSTIME", "DATENOW"}
    told = json.loads(files("dougong.messages").joinpath("builder_functions.json").read_text("utf-8"))
    assert [name for name in FUNCTIONS if f"builder.function.{name}" not in told] == []
    assert set(ALIASES.values()) <= set(FUNCTIONS) and not set(ALIASES) & set(FUNCTIONS)


@pytest.mark.parametrize(
    ("number", "digits", "answer"),
    [
        ("2.5", 0, "3"), ("-2.5", 0, "-3"), ("1.005", 2, "1.01"), ("-1.005", 2, "-1.01"), ("0.5", 0, "1"), ("1.5", 0, "2"),
        ("2.675", 2, "2.68"), ("1234.5", -2, "1200"), ("1250", -2, "1300"),
        ("-1250", -2, "-1300"), ("0", 2, "0"), ("0.0049", 2, "0"),
    ],
)  # fmt: skip
def test_rounding_is_half_away_from_zero_and_exact(number, digits, answer):
    assert written(f"ROUND(a, {digits})", a=number) == answer


def test_round_alone_rounds_to_whole_numbers():
    assert written("ROUND(2.5)") == "3"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=5, min_value=-(10**9), max_value=10**9))
def test_rounding_mirrors_negatives_and_moves_by_half_a_unit_at_most(number):
    up, down = Decimal(written("ROUND(a, 2)", a=plain(number))), Decimal(written("ROUND(a, 2)", a=plain(-number)))
    assert up == -down
    assert abs(up - number) <= Decimal("0.005")


def test_a_blank_number_counts_as_zero_and_a_blank_text_as_empty():
    assert written("a + 1") == "1"
    assert written("a + 1", a=None) == "1"
    assert written('"x" & t') == "x"
    assert written('t = ""', t=None) is True
    assert written("IF(yes, 1, 2)") == "2"


def test_blank_is_not_zero_where_one_asks_for_blankness():
    assert written("ISEMPTY(a)") is True
    assert written("ISEMPTY(a)", a="0") is False
    assert written("ISEMPTY(yes)") is True
    assert written("ISEMPTY(d)") is True
    assert written("COUNT(a, b, t)", a="0", t="") == "1"


def test_a_blank_date_joins_as_nothing_and_a_list_as_its_items():
    assert written('"[" & d & "]"') == "[]"
    assert written('"[" & cs & "]"', cs=["x", "y"]) == "[x, y]"
    assert written('"" & f', f=[{"id": "1", "name": "a.jpg"}, {"id": "2", "name": "b.jpg"}]) == "a.jpg, b.jpg"
    assert written('"" & yes', yes=True) == "TRUE"


def test_a_date_that_is_missing_cannot_be_calculated_with():
    assert reason("DAYS(TODAY(), d)").code == "formula.no_date"
    assert reason("d > TODAY()").code == "formula.no_date"
    assert written("d = TODAY()") is False


def test_if_is_lazy():
    assert written("IF(b = 0, 0, a / b)", a="10", b="0") == "0"
    assert written("IF(ISEMPTY(d), 0, DAYS(TODAY(), d))") == "0"
    assert reason("IF(b = 0, a / b, 0)", a="10", b="0").code == "formula.division_by_zero"


def test_the_kinds_of_values_that_fields_hold():
    assert written('c = "vip"', c="vip") is True
    assert written("p", p={"id": "p1", "title": "王工"}) == "p1"
    assert value("m", m="2026-01-05T09:00:00Z") == datetime(2026, 1, 5, 9, tzinfo=UTC)
    assert compile_formula("a + b", KINDS).fields == {"a", "b"}
    assert compile_formula("IF(yes, a, t)", KINDS).kind == "any"


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("", "formula.expected_value", 1),
        ("1 +", "formula.expected_value", 4),
        ("1 2", "formula.expected", 3),
        ("(1 + 2", "formula.expected", 7),
        ("1 + )", "formula.expected_value", 5),
        ("a ++ b", "formula.expected_value", 4),
        ("a.B", "formula.unexpected", 2),
        ("a[0]", "formula.unexpected", 2),
        ("1；2", "formula.unexpected", 2),
        ("（a）", "formula.unexpected", 1),
        ("“x”", "formula.unexpected", 1),
        ("a + 1e5", "formula.expected", 6),
        ('"open', "formula.unexpected", 1),
        ("a + zz", "formula.unknown_field", 5),
        ("__import__", "formula.unknown_field", 1),
        ("a + FOO(1)", "formula.unknown_function", 5),
        ("eval(t)", "formula.unknown_function", 1),
        ("ROUND()", "formula.argument_count", 1),
        ("ROUND(1, 2, 3)", "formula.argument_count", 1),
        ("IF(yes, 1)", "formula.argument_count", 1),
        ("TODAY(1)", "formula.argument_count", 1),
        ("SUM(1,", "formula.expected_value", 7),
        ("a + t", "formula.wrong_argument", 3),
        ("-t", "formula.wrong_argument", 1),
        ("LEN(a)", "formula.wrong_argument", 1),
        ("IF(a, 1, 2)", "formula.wrong_argument", 1),
        ("DAYS(d, a)", "formula.wrong_argument", 1),
        ("t < t", "formula.wrong_argument", 3),
        ('a = "1"', "formula.cannot_compare", 3),
        ("d = a", "formula.cannot_compare", 3),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text, code, position):
    found = reason(text)
    assert (found.code, found.params["position"]) == (code, position)


def test_what_has_no_value_for_these_data_is_told_too():
    assert reason("a / b", a="1").code == "formula.division_by_zero"
    assert reason("b / b").code == "formula.division_by_zero"
    assert reason("MOD(a, b)", a="1").code == "formula.division_by_zero"
    assert reason('VALUE("many")').params == {"found": "many"}
    assert reason("a + 1", a="many").code == "formula.wrong_kind"
    assert reason("ROUND(a, 13)", a="1").code == "formula.digits"
    assert reason('IF(yes, 1, "x") + 1').code == "formula.wrong_argument"
    assert reason("DAYS(IF(yes, d, 5), d)", d="2026-01-01").code == "formula.wrong_argument"
    assert written("DAYS(IF(yes, 5, m), d)", d="2026-01-01", m="2026-01-03T00:00:00Z") == "2"


def test_a_number_too_large_to_be_exact_is_told_and_not_rounded():
    assert reason("ROUND(a * a * a, 2)", a="999999999999").code == "formula.too_large"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1" + "+1" * MAX_LENGTH, "formula.too_long"),
        ("1" + "+1" * 300, "formula.too_long"),
        ("(" * (MAX_DEPTH + 1) + "1" + ")" * (MAX_DEPTH + 1), "formula.too_deep"),
        ("-" * 100 + "1", "formula.too_deep"),
        ("IF(TRUE," * 50 + "1" + ",2)" * 50, "formula.too_deep"),
        ("SUM(" + ",".join(["1"] * 150) + ")", "formula.argument_count"),
    ],
)
def test_length_depth_and_arguments_are_bounded(text, code):
    assert reason(text).code == code


def test_the_longest_chain_and_the_deepest_nesting_are_answered_at_once():
    began = time.perf_counter()
    assert written("1" + "+1" * 199) == "200"
    assert written("(" * MAX_DEPTH + "1" + ")" * MAX_DEPTH) == "1"
    assert written("&".join(["t"] * 199), t="漏" * 2000) == "漏" * 2000 * 199
    assert time.perf_counter() - began < 2


@given(st.text(alphabet='ab1.+-*/(),"<>=&? 漏', max_size=30))
def test_any_text_is_read_or_refused_with_a_reason(text):
    try:
        value(text, a="1", b="2")
    except FormulaFault as fault:
        assert fault.reason.code.startswith("formula.")


def arithmetic(leaves):
    return st.recursive(
        leaves,
        lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda x: f"({x[0]}{x[1]}{x[2]})"),
        max_leaves=8,
    )


@given(arithmetic(st.integers(0, 99).map(str)))
def test_arithmetic_is_what_python_calculates(text):
    assert value(text) == eval(text, {"__builtins__": {}})


@given(arithmetic(st.sampled_from(["a", "b", "-a", "2", "0.125"])), st.integers(-999, 999), st.integers(-999, 999))
def test_what_only_adds_up_numbers_says_how_often_each_counts(text, a, b):
    weights = compile_formula(text, KINDS).weights
    assert weights is None or value(text, a=str(a), b=str(b)) == sum(
        {"a": a, "b": b, "": 1}[one] * weights[one] for one in weights
    )


@pytest.mark.parametrize("text", ["a + b * 2 - 0.5", "-(a - b) * 3", "2 * (a + 1)"])
def test_such_sums_are_told_from_all_else(text):
    assert compile_formula(text, KINDS).weights is not None
    for other in (f"{text} + a * b", f"({text}) / 3", f"ROUND({text}, 1)", f"{text} + LEN(t)", f"{text} + 1.{'0' * 12}1"):
        assert compile_formula(other, KINDS).weights is None

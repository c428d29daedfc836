"""The formula language: what it reads, what it answers, and how it says what is wrong."""

import time
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dougong.runtime.formula import MAX_DEPTH, MAX_LENGTH, compile_formula
from dougong.runtime.functions import FUNCTIONS, FormulaFault
from dougong.runtime.values import plain
from tests.drawing import NOW

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


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 - 4 - 3", "3"),
        ("24 / 4 / 3", "2"),
        ("2 * -3", "-6"),
        ("-2 * 3", "-6"),
        ("--2", "2"),
        ("1 - -1", "2"),
        ("0.1 + 0.2", "0.3"),
        ("1 + 2 & 3 + 4", "37"),
        ('"a" & "b" = "ab"', True),
        ("1 + 1 = 2", True),
        ("1 < 2 = TRUE", True),
        ("2 <> 3", True),
        ("2 != 2", False),
        ("1 <= 1", True),
        ("2 >= 3", False),
        ("a*(1-0.05)", "95"),
    ],
)
def test_operators_bind_as_in_a_spreadsheet(text, answer):
    assert written(text, a="100") == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("ABS(-1.5)", "1.5"),
        ("AND(TRUE, 1=1, FALSE)", False),
        ("AND(TRUE)", True),
        ("AVERAGE(1, 2, 4.5)", "2.5"),
        ("CEILING(10.1, 5)", "15"),
        ("CEILING(7, 0)", "0"),
        ("CONCATENATE(1.50, \"元\", TRUE)", "1.5元TRUE"),
        ("CONTAINS(\"厨房漏水\", \"漏水\")", True),
        ("COUNT(1, \"\", \"x\")", "2"),
        ("DAY(d)", "31"),
        ("DAYS(d, e)", "30"),
        ("FLOOR(10.9, 5)", "10"),
        ("INT(-1.5)", "-2"),
        ("ISEMPTY(\"\")", True),
        ("LEFT(\"漏水了\", 2)", "漏水"),
        ("LEFT(\"漏水了\")", "漏"),
        ("LEFT(\"abc\", -1)", ""),
        ("LEN(\"漏水\")", "2"),
        ("LOWER(\"ABC\")", "abc"),
        ("MAX(1, 10, 9)", "10"),
        ("MID(\"abcdef\", 2, 3)", "bcd"),
        ("MID(\"abc\", 0, 2)", "ab"),
        ("MIN(3, 1, 2)", "1"),
        ("MOD(10, 3)", "1"),
        ("MOD(-1, 3)", "2"),
        ("MONTH(d)", "10"),
        ("NOT(1=2)", True),
        ("OR(FALSE, 1=1)", True),
        ("RIGHT(\"abc\", 2)", "bc"),
        ("RIGHT(\"abc\", 0)", ""),
        ("ROUNDDOWN(-2.59, 1)", "-2.5"),
        ("ROUNDUP(2.51, 1)", "2.6"),
        ("SUM(0.1, 0.2, 0.3)", "0.6"),
        ("TEXT(1.50)", "1.5"),
        ("TEXT(d)", "2026-10-31"),
        ("TRIM(\"  a b \")", "a b"),
        ("UPPER(\"abc\")", "ABC"),
        ("VALUE(\"1,234.50\")", "1234.5"),
        ("VALUE(\"\")", "0"),
        ("YEAR(d)", "2026"),
        ("TODAY()", date(2026, 1, 5)),
        ("IF(a > 5000, \"urgent\", \"normal\")", "normal"),
    ],
)  # fmt: skip
def test_functions_do_what_spreadsheet_users_know(text, answer):
    assert written(text, a="100", d="2026-10-31", e="2026-10-01") == answer


def test_every_function_is_tried_above():
    tried = test_functions_do_what_spreadsheet_users_know.pytestmark[0].args[1]
    assert {name for name in FUNCTIONS if not any(text.startswith(f"{name}(") for text, _ in tried)} == {"ROUND"}


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
        ("a.b", "formula.unexpected", 2),
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
        ("m > m", "formula.wrong_argument", 3),
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
    assert reason("DAYS(IF(yes, 5, m), d)", d="2026-01-01", m="2026-01-01T00:00:00Z").code == "formula.wrong_argument"


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


@given(
    st.recursive(
        st.integers(0, 99).map(str),
        lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda x: f"({x[0]}{x[1]}{x[2]})"),
        max_leaves=8,
    )
)
def test_arithmetic_is_what_python_calculates(text):
    assert value(text) == eval(text, {"__builtins__": {}})

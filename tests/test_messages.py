"""The catalogue: every code that the code names has its text, in both languages, with the gaps that are filled."""

import ast
import json
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from dougong.platform import messages

ROOT = Path(__file__).parents[1] / "dougong"
LANGUAGES = {"zh-Hans", "en"}
GAP = re.compile(r"\{([a-z_]+)\}")
CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]*[a-z0-9])+$")

# What is called with a code first. Where its gaps come from: keywords, a dict after the code, or only the callee knows.
WITH_KEYWORDS = {
    "Refused", "FormulaFault", "SettlementFault", "CalendarFault", "SheetError", "FileRefused", "problem", "remark", "t",
}  # fmt: skip
WITH_DICT = {"Reason"}
OTHERS = {"StaleTask": {"who"}, "Part": None, "ValidationError": None}
ADVISED = ("check.", "calendar.", "case.", "condition.", "formula.")


def files():
    return sorted((ROOT / "messages").glob("*.json"))


@cache
def catalogue():
    return {code: texts for path in files() for code, texts in json.loads(path.read_text("utf-8")).items()}


def gaps(code):
    return set(GAP.findall(catalogue()[code]["zh-Hans"]))


def sources():
    return (path for path in sorted(ROOT.rglob("*.py")) if "node_modules" not in path.parts)


@cache
def named():
    """(code, where, the gaps that are filled there or None where that cannot be read)."""
    found = []
    for path in sources():
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and call.args and (code := _literal(call.args[0])) and CODE.match(code):
                name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
                if name in WITH_KEYWORDS or name in WITH_DICT or name in OTHERS:
                    found.append((code, f"{path.relative_to(ROOT.parent)}:{call.lineno}", _filled(name, call)))
    return found


def _literal(part):
    return part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else None


def _filled(name, call):
    if name in OTHERS:
        return OTHERS[name]
    if name in WITH_DICT:
        given = call.args[1] if len(call.args) > 1 else ast.Dict([], [])
        known = isinstance(given, ast.Dict) and None not in given.keys
        return {_literal(key) for key in given.keys} if known else None
    if any(keyword.arg is None for keyword in call.keywords):  # **params
        return None
    place = {"position"} if name == "FormulaFault" and len(call.args) > 1 else set()
    return place | {keyword.arg for keyword in call.keywords}


@cache
def in_templates():
    """(code, or the beginning of one that is put together, where)."""
    asked = re.compile(r"""\b(?:t|say)\(\s*(['"])([a-z0-9_.]+)\1\s*(~?)""")
    return [
        (code + ("*" if joined else ""), path.name)
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for _, code, joined in asked.findall(path.read_text("utf-8"))
    ]


def dynamic():
    """Codes that stand as texts somewhere else: error messages of loaders, tables of codes."""
    areas = {code.partition(".")[0] for code, _, _ in named()} & {
        "field",
        "schema",
        "settle",
        "case",
        "check",
        "story",
        "sheet",
        "file",
    }
    for path in sources():
        for part in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (code := _literal(part)) and CODE.match(code) and code.partition(".")[0] in areas and " " not in code:
                yield code, f"{path.relative_to(ROOT.parent)}:{part.lineno}"


NOT_CODES = {"settle.see", "settle.run", "file.html"}  # rights and endpoints that look like codes


def test_no_code_stands_in_two_files_or_twice_in_one():
    counts = Counter()
    for path in files():
        json.loads(
            path.read_text("utf-8"), object_pairs_hook=lambda pairs: counts.update(key for key, _ in pairs if "." in key)
        )
    assert [code for code, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_every_text_has_both_languages_with_the_same_gaps(path):
    for code, texts in json.loads(path.read_text("utf-8")).items():
        assert set(texts) == LANGUAGES, code
        assert all(text.strip() for text in texts.values()), code
        found = {tag: sorted(set(GAP.findall(text))) for tag, text in texts.items()}
        assert found["zh-Hans"] == found["en"], code


def test_a_version_is_written_as_the_glossary_says():
    """版本 2, version 2 in a sentence; v2 beside a title and in a chip: never V2, nor 第 2 版."""
    texts = [(code, text) for code, texts in catalogue().items() for text in texts.values()]
    assert [code for code, text in texts if re.search(r"V ?\{|第 ?\{version\} ?版", text)] == []


def test_every_code_that_is_named_has_its_text():
    assert [(code, where) for code, where, _ in named() if code not in catalogue()] == []


def test_every_code_that_is_handed_around_has_its_text():
    assert [(code, where) for code, where in dynamic() if code not in catalogue() and code not in NOT_CODES] == []


def test_every_gap_is_filled_where_a_code_is_named():
    wrong = [
        (code, where, sorted(gaps(code) - filled))
        for code, where, filled in named()
        if filled is not None and code in catalogue() and gaps(code) - filled
    ]
    assert wrong == []


def test_every_code_in_a_template_has_its_text():
    missing = [
        (code, where)
        for code, where in in_templates()
        if not (any(one.startswith(code[:-1]) for one in catalogue()) if code.endswith("*") else code in catalogue())
    ]
    assert missing == []


def test_what_can_be_put_right_comes_with_advice():
    asked = {code for code, _, _ in named() if code.startswith(ADVISED)}
    asked |= {f"check.too_{few}_ways_{way}" for few in ("few", "many") for way in ("in", "out")}
    assert len(asked) > 60
    assert sorted(code for code in asked if f"{code}.advice" not in catalogue()) == []


def test_no_advice_stands_alone():
    assert [code for code in catalogue() if code.endswith(".advice") and code.removesuffix(".advice") not in catalogue()] == []


def test_an_advice_asks_for_no_gap_that_its_problem_has_not():
    for code in catalogue():
        if code.endswith(".advice"):
            assert gaps(code) <= gaps(code.removesuffix(".advice")) | {"kind"}, code


def test_what_is_advised_follows_a_whole_sentence():
    """The two stand one behind the other, wherever a definition is judged."""
    said = [texts for code, texts in catalogue().items() if code.startswith(ADVISED) and f"{code}.advice" in catalogue()]
    assert said
    ends = {"zh-Hans": "。！？", "en": ".!?"}
    assert [text for texts in said for tag, text in texts.items() if text[-1] not in ends[tag]] == []


def test_a_list_within_a_sentence_is_joined_as_its_language_joins():
    assert messages.worded([{"zh-Hans": "甲", "en": "A"}, {"zh-Hans": "乙", "en": "B"}], "zh-Hans") == "甲、乙"
    assert messages.worded(["A", "B"], "en") == "A, B"

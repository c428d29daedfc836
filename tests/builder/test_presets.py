"""Preset fields of the form designer: each can be put into a form as it is, and be found by what people type."""

import json
from collections import Counter
from importlib.resources import files

import pytest
from pypinyin import Style, lazy_pinyin

from dougong.builder.checks import check
from dougong.runtime.texts import LANGUAGES
from tests.drawing import form_doc

GIVEN = json.loads(files("dougong.schemas").joinpath("presets.json").read_text("utf-8"))
PRESETS = GIVEN["presets"]


def as_field(preset):
    return with_uids({name: value for name, value in preset.items() if name not in ("trade", "initials")}, "")


def with_uids(part, above, name=""):
    """As the designer does: a field, its options, and the columns of a table with theirs."""
    uid = f"{above}{part.get('key', name)}"
    lists = {
        name: [with_uids(one, f"{uid}-", at) for at, one in enumerate(value)]
        for name, value in part.get("config", {}).items()
        if name in ("options", "columns", "parts")
    }
    return {**part, "uid": uid, **({"config": {**part["config"], **lists}} if "config" in part else {})}


def test_there_are_many_in_every_trade_and_none_twice():
    assert len(PRESETS) >= 300
    assert {one["trade"] for one in PRESETS} == {trade["key"] for trade in GIVEN["trades"]}
    assert [key for key, count in Counter(one["key"] for one in PRESETS).items() if count > 1] == []
    assert [title for title, count in Counter(one["title"]["zh-Hans"] for one in PRESETS).items() if count > 1] == []


@pytest.mark.parametrize("trade", [one["key"] for one in GIVEN["trades"]])
def test_a_form_of_all_fields_of_a_trade_has_no_problem(trade):
    fields = [as_field(one) for one in PRESETS if one["trade"] == trade]
    assert [(problem.reason.code, problem.path) for problem in check(form_doc(*fields), {})] == []


def test_each_is_called_in_every_language_with_its_options():
    texts = [one["title"] for part in (GIVEN["trades"], PRESETS) for one in part]
    texts += [
        inner["title"] for one in PRESETS for name in ("options", "columns") for inner in one.get("config", {}).get(name, ())
    ]
    assert [text for text in texts if not all(text.get(tag) for tag in LANGUAGES)] == []


def test_the_initials_are_those_of_its_title():
    for one in PRESETS:
        letters = "".join(lazy_pinyin(one["title"]["zh-Hans"], style=Style.FIRST_LETTER)).lower()
        assert one["initials"] == "".join(filter(str.isalnum, letters)), one["key"]

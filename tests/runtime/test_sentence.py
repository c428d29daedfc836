"""Conditions read aloud in both languages: what the builder says too (`schemas/vectors/sentences.json`)."""

import json
from importlib.resources import files

import pytest

from dougong.runtime.sentence import sentence
from tests.drawing import field, form

VECTORS = json.loads(files("dougong").joinpath("schemas/vectors/sentences.json").read_text("utf-8"))
OPTIONS = {"options": [{"uid": key, "key": key, "title": {"zh-Hans": key, "en": f"{key} en"}} for key in ("vip", "key")]}
TITLES = {
    "cost": "费用",
    "limit": "限额",
    "level": "等级",
    "problem": "故障",
    "urgent": "加急",
    "address": "地址",
    "day": "日期",
}
TYPES = {
    "cost": "number",
    "limit": "number",
    "level": "choice",
    "problem": "text",
    "urgent": "boolean",
    "address": "region",
    "day": "date",
}
FIELDS = form(
    *(
        {
            **field(key, type, config=OPTIONS if type == "choice" else None),
            "title": {"zh-Hans": TITLES[key], "en": key},
        }
        for key, type in TYPES.items()
    )
).fields


class Places:
    def region(self, code, language):
        return {"44": "广东省"}.get(code, code)


@pytest.mark.parametrize("vector", VECTORS, ids=[one["name"] for one in VECTORS])
def test_vector(vector):
    assert sentence(vector["tree"], FIELDS.get, Places()) == {"zh-Hans": vector["zh-Hans"], "en": vector["en"]}


def test_nothing_drawn_yet_is_no_sentence():
    assert sentence(None, FIELDS.get, Places()) == {"zh-Hans": "", "en": ""}

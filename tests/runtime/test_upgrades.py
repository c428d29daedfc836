"""Old documents are read as what they have become."""

import json
from pathlib import Path

import pytest

from dougong import schemas
from dougong.runtime.upgrades import STEPS, upgraded

FORMATS = Path(__file__).parents[1] / "formats"


def stored(name):
    return json.loads((FORMATS / f"{name}.json").read_text("utf-8"))


@pytest.mark.parametrize(("kind", "number"), STEPS)
def test_an_old_document_becomes_the_next_one(kind, number):
    old = stored(f"{kind}_{number}")
    before = json.dumps(old)
    assert STEPS[kind, number](old) == stored(f"{kind}_{int(number) + 1}")
    assert json.dumps(old) == before
    assert schemas.problems(kind, upgraded(old)) == []


def test_a_present_document_is_left_alone():
    doc = stored("workflow_2")
    assert upgraded(doc) is doc


@pytest.mark.parametrize("doc", [{}, {"kind": ["workflow"], "format": 1}, {"kind": "form", "format": 1}])
def test_what_is_no_old_document_is_left_to_the_schema(doc):
    assert upgraded(doc) == doc


@pytest.mark.parametrize("nodes", [7, [], [3], [{"config": 3}]])
def test_nonsense_stays_what_it_is(nodes):
    assert upgraded({"kind": "workflow", "format": 1, "nodes": nodes})["nodes"] == nodes

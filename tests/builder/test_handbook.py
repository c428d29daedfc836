"""The handbook: every node type has a story, which holds; the pages of docs are as they are made; the page of the builder."""

from pathlib import Path

import pytest

from dougong import schemas
from dougong.builder import handbook, simulate
from dougong.builder.checks import check
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.nodes._example import Example
from tests.cast import Cast

STORIES = {name: kind.example for name, kind in NODE_TYPES.items() if kind.example}


def test_every_node_type_has_a_story() -> None:
    assert list(STORIES) == list(NODE_TYPES)


@pytest.mark.parametrize("name", STORIES)
def test_the_story_of_a_node_type_is_sound_has_the_step_in_it_and_holds(name: str) -> None:
    example: Example = STORIES[name]
    workflow = example.workflow()
    documents = [workflow, *example.documents()]
    assert name in {node["type"] for node in workflow["nodes"]}
    assert [problem for one in documents for problem in schemas.problems(one["kind"], one)] == []
    refs = {(one["kind"], one["key"]): one for one in documents}
    assert [problem for one in documents for problem in check(one, refs)] == []
    definition = handbook.definition(example)
    assert name in {definition.node[uid].type for uid in simulate.played(definition, example.story()).visited}
    for reloaded in (False, True):
        assert simulate.verdict(definition, example.story(), reloaded=reloaded) == []


@pytest.mark.parametrize(("tag", "page"), [("en", "handbook.md"), ("zh-Hans", "handbook.zh-Hans.md")])
def test_the_pages_of_docs_are_made_of_it(tag: str, page: str) -> None:
    assert (Path("docs") / page).read_text("utf-8") == handbook.markdown(tag), "make handbook"


def test_it_is_read_and_searched_in_the_builder(cast: Cast) -> None:
    alice = cast.sign_in("alice")
    page = alice.get("/t/acme/builder/handbook").text
    assert all(f'id="{name}"' in page for name in (*NODE_TYPES, "money", "graduated", "function-SUM"))
    found = alice.get("/t/acme/builder/handbook?q=四眼").text
    assert 'id="approval"' in found and 'id="fork"' not in found
    assert "没有找到" in alice.get("/t/acme/builder/handbook?q=zzz").text

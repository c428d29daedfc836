"""Whatever is drawn is exported as a file that other tools open, and imported again as the same workflow."""

import json
import random
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from typing import Any

import bpmn_io
import networkx as nx
import pytest
import SpiffWorkflow
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser

from dougong.builder.bpmn.mapping import BPMN, DI
from dougong.builder.bpmn.reading import imported
from dougong.builder.bpmn.writing import written
from dougong.runtime.canonical import canonical, clean, content_hash
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.operators import OPERATORS
from dougong.runtime.reason import Refused
from tests.drawing import edge, flow_doc, node, task
from tests.runtime.graphs import any_drawing

Doc = dict[str, Any]
PACKS = Path(__file__).parents[3] / "packs"
SHIPPED = [
    item
    for path in sorted(PACKS.glob("*.json"))
    for item in json.loads(path.read_bytes())["items"]
    if item["kind"] == "workflow"
]

UIDS = st.from_regex(r"[A-Za-z0-9_-]{1,40}", fullmatch=True)
KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,39}", fullmatch=True)
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40) | st.sampled_from(
    ["a\nb", "  spaces  ", "\u202eright to left", "<&>\"'", "]]>", "\ufffe\uffff", "😀", "\r\n\t", ""]
)
TEXTS = st.dictionaries(st.sampled_from(["zh-Hans", "en", "ja"]), WORDS, min_size=1)
SCALARS = WORDS | st.integers(-(2**53) + 1, 2**53 - 1) | st.booleans() | st.none()
RULES = st.fixed_dictionaries(
    {"field": KEYS, "operator": st.sampled_from([*OPERATORS, "unknown_one"])},
    optional={
        "value": SCALARS | st.lists(SCALARS, max_size=3) | KEYS,
        "source": st.sampled_from(["value", "field"]),
        "uid": UIDS,
    },
)
TREES = st.recursive(
    st.fixed_dictionaries({"combinator": st.sampled_from(["and", "or"]), "rules": st.lists(RULES, max_size=3)}),
    lambda inner: st.fixed_dictionaries(
        {"combinator": st.sampled_from(["and", "or"]), "rules": st.lists(RULES | inner, max_size=3)},
        optional={"not": st.booleans()},
    ),
    max_leaves=4,
)
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=6)
SPANS = st.fixed_dictionaries({"amount": st.integers(1, 99), "unit": st.sampled_from(["minutes", "hours", "days"])})
DEADLINES = st.fixed_dictionaries({"uid": UIDS, "when": st.fixed_dictionaries({"after": SPANS}), "then": st.just("leave")})
CONFIGS = st.fixed_dictionaries(
    {},
    optional={
        "mode": st.sampled_from(["all", "any", "count", "reaching", "sequence", "weight"]),
        "who": st.fixed_dictionaries({"by": st.sampled_from(["role", "initiator"]), "role": KEYS}) | JSON,
        "until": st.fixed_dictionaries({"after": SPANS}) | st.fixed_dictionaries({"field": KEYS}) | JSON,
        "deadlines": st.lists(DEADLINES, max_size=2) | JSON,
        "every": st.sampled_from(["day", "week", "month"]),
        "when": TREES,
        "name": WORDS,
        "workflow": KEYS,
        "fields": st.lists(st.fixed_dictionaries({"uid": UIDS, "field": KEYS, "formula": WORDS}), max_size=2),
        "anything": JSON,
    },
)  # fmt: skip


@st.composite
def workflows(draw: Any) -> Doc:
    """Of every type, with settings that make sense or none; drafts may be wrong in any way that the schema permits."""
    uids = draw(st.lists(UIDS, min_size=1, max_size=8, unique=True))
    nodes = []
    for uid in uids:
        type = draw(st.sampled_from([*NODE_TYPES, "from_the_future"]))
        more = draw(st.fixed_dictionaries({}, optional={"config": CONFIGS, "remark": TEXTS}))
        nodes.append({"uid": uid, "type": type, "title": draw(TEXTS), **more})
    ends = st.sampled_from(uids)
    more = st.fixed_dictionaries(
        {"source": ends, "target": ends},
        optional={
            "title": TEXTS,
            "when": TREES,
            "default": st.booleans(),
            "on": st.sampled_from(["deadline", "rejected", "again", "failed", "x"]),
        },
    )
    edges = [{"uid": uid, **draw(more)} for uid in draw(st.lists(UIDS, max_size=10, unique=True))]
    papers = draw(st.lists(UIDS.filter(lambda uid: uid not in uids), max_size=2, unique=True))
    notes = {"notes": [{"uid": uid, "text": draw(TEXTS)} for uid in papers]} if draw(st.booleans()) else {}
    boxes = [*uids, *(papers if notes else ())]
    places = {uid: {"x": draw(st.integers(-9000, 9000)), "y": draw(st.integers(-9000, 9000))} for uid in boxes}
    head = draw(st.fixed_dictionaries({}, optional={"description": TEXTS, "form": KEYS, "urgent_when": TREES}))
    named = {"format": 2, "uid": draw(UIDS), "kind": "workflow", "key": draw(KEYS), "title": draw(TEXTS)}
    return clean({**head, **named, **notes, "nodes": nodes, "edges": edges, "layout": {"nodes": places}})  # type: ignore[no-any-return]


def same(document: Doc, language: str = "zh-Hans") -> bytes:
    raw = written(document, language)
    again = imported(raw)
    assert again.document == document
    assert canonical(again.document) == canonical(document)
    assert content_hash(again.document) == content_hash(document)
    assert again.is_ours and not again.remarks and not again.fields
    return raw


@given(workflows(), st.sampled_from(["zh-Hans", "en"]))
@settings(deadline=None)
def test_any_workflow_comes_back_as_it_was(document: Doc, language: str) -> None:
    _valid(same(document, language))


@given(st.integers(0, 2**32))
@settings(deadline=None)
def test_any_drawing_of_the_checks_comes_back_as_it_was(seed: int) -> None:
    document = dict(any_drawing(random.Random(seed)).doc)
    places = {one["uid"]: {"x": 280 * index, "y": 40} for index, one in enumerate(document["nodes"])}
    _valid(same({**document, "layout": {"nodes": places}}))


def test_settings_that_cannot_be_read_travel_as_our_own() -> None:
    steps = [node("a", "user_task", who="x"), node("b", "approval", deadlines=["x"]), node("w", "wait", until="x")]
    steps.append(node("s", "set", anything=1, deadlines=[{}]))  # neither of which it knows
    ways = ["start>a", "a>b", edge("b>w", on="deadline"), edge("s>end", on="deadline")]
    drawing = flow_doc([node("start", "start"), *steps, node("end", "end")], ways)
    places = {one["uid"]: {"x": 280 * index, "y": 40} for index, one in enumerate(drawing["nodes"])}
    same({**drawing, "layout": {"nodes": places}})


@pytest.mark.parametrize("document", SHIPPED, ids=lambda document: document["key"])
@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_what_ships_comes_back_as_it_was(document: Doc, language: str) -> None:
    _valid(same(document, language))


@pytest.mark.parametrize("document", SHIPPED, ids=lambda document: document["key"])
def test_bpmn_io_opens_it_and_writes_it_and_it_is_still_the_same(document: Doc) -> None:
    """By a port of the reader and writer of bpmn.io, with which Camunda's modelers work."""
    raw = written(document).decode()
    report = bpmn_io.check(raw)
    assert not report.errors and not report.warnings
    moddle = bpmn_io.create_moddle()
    again = imported(moddle.to_xml(moddle.from_xml(raw, "bpmn:Definitions").root_element).xml.encode())
    assert again.document == document and not again.remarks


def test_spiffworkflow_could_run_it() -> None:
    document = next(one for one in SHIPPED if one["key"] == "refund")
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(written(document)))
    found = {getattr(one, "bpmn_id", None) for one in parser.get_spec("refund").task_specs.values()}
    graph = nx.DiGraph((edge["source"], edge["target"]) for edge in document["edges"])
    assert {f"step.{uid}" for uid in nx.descendants(graph, "start")} <= found  # it reads what its start leads to


def test_a_draft_without_places_is_laid_out() -> None:
    document = flow_doc([node("start", "start"), task("a"), node("end", "end")], ["start>a", "a>end"])
    found = imported(written(document)).document
    assert len({(at["x"], at["y"]) for at in found.pop("layout")["nodes"].values()}) == 3
    assert found == document


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (flow_doc([task("a"), task("a")], []), "bpmn.export_doubled"),
        (flow_doc([task("a")], ["a>nowhere"]), "bpmn.export_loose"),
    ],
)
def test_what_cannot_be_drawn_is_not_exported(wrong: Doc, code: str) -> None:
    with pytest.raises(Refused) as refused:
        written(wrong)
    assert refused.value.reason.code == code


# ---- edited elsewhere ----


def edited(document: Doc, *changes: tuple[str, str]) -> Doc:
    raw = written(document).decode()
    for old, new in changes:
        assert old in raw
        raw = raw.replace(old, new)
    return imported(raw.encode()).document


DRAWN = flow_doc(
    [
        {**task("a"), "title": {"zh-Hans": "核对", "en": "Check"}, "remark": {"zh-Hans": "备注", "en": "Remark"}},
        node("d", "decide"),
        node("x", "end"),
        node("y", "end"),
    ],
    [
        "a>d",
        {
            "uid": "e1", "source": "d", "target": "x",
            "when": {"combinator": "and", "rules": [{"field": "n", "operator": "greater", "value": "5", "uid": "r"}]},
        },
        {"uid": "e2", "source": "d", "target": "y", "default": True},
    ],
    layout={"nodes": {uid: {"x": 280 * index, "y": 0} for index, uid in enumerate("adxy")}},
)  # fmt: skip


def test_a_name_changed_elsewhere_is_the_new_title() -> None:
    found = edited(DRAWN, ('name="核对"', 'name="复核"'))
    assert found["nodes"][0]["title"] == {"zh-Hans": "复核", "en": "复核"}
    assert found["nodes"][0]["config"] == DRAWN["nodes"][0]["config"]


def test_a_remark_changed_elsewhere_is_the_new_remark() -> None:
    assert edited(DRAWN, (">备注<", ">注意<"))["nodes"][0]["remark"] == {"zh-Hans": "注意", "en": "注意"}


def test_a_condition_changed_elsewhere_is_read_anew() -> None:
    found = edited(DRAWN, ("n &gt; 5", "n &gt; 7 and m = true"))
    rules = [{"field": "n", "operator": "greater", "value": "7"}, {"field": "m", "operator": "is_true"}]
    assert found["edges"][1]["when"] == {"combinator": "and", "rules": rules}


def test_another_way_made_the_usual_one_elsewhere() -> None:
    found = edited(DRAWN, ('default="way.e2"', 'default="way.e1"'))
    assert [edge.get("default") for edge in found["edges"]] == [None, True, None]


def test_a_step_moved_elsewhere_stands_there() -> None:
    found = edited(DRAWN, ('<dc:Bounds x="0" y="0"', '<dc:Bounds x="40" y="96"'))
    assert found["layout"]["nodes"]["a"] == {"x": 40, "y": 96}


def test_a_step_made_another_elsewhere_is_what_it_is_now() -> None:
    raw = written(DRAWN).decode()
    found = imported(raw.replace("bpmn:userTask", "bpmn:receiveTask").encode()).document["nodes"][0]
    assert (found["type"], found["title"]["zh-Hans"]) == ("receive", "核对")


def test_our_own_settings_damaged_are_told_of() -> None:
    raw = written(DRAWN).decode().replace('"type": "user_task"', '"type": 5')
    found = imported(raw.encode())
    assert found.document["nodes"][0]["type"] == "user_task"  # by its element
    assert "bpmn.report.own_damaged" in {one.reason.code for one in found.remarks}


# ---- the standard ----


@cache
def _schema() -> Any:
    return etree.XMLSchema(etree.parse(Path(SpiffWorkflow.__file__).parent / "bpmn/parser/schema/BPMN20.xsd"))


def _valid(raw: bytes) -> None:
    """By the schema of the standard, and by what it cannot say: shapes and lines of what is there, each once."""
    schema = _schema()
    assert schema.validate(etree.fromstring(raw)), [str(error) for error in schema.error_log][:5]
    root = ET.fromstring(raw)
    process = root.find(f"{{{BPMN}}}process")
    assert process is not None
    drawn = [one.get("bpmnElement") for one in root.iter() if one.tag in (f"{{{DI}}}BPMNShape", f"{{{DI}}}BPMNEdge")]
    there = [one.get("id") for one in process if one.get("id")]
    assert sorted(map(str, drawn)) == sorted(map(str, there))
    for flow in process.iter(f"{{{BPMN}}}sequenceFlow"):
        assert {flow.get("sourceRef"), flow.get("targetRef")} <= set(there)

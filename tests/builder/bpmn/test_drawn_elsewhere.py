"""Files in the manner of other tools: what is made of each stands beside it as text. `REWRITE=1` writes the texts anew."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from dougong import schemas
from dougong.builder.bpmn.reading import Import, imported
from dougong.builder.bpmn.writing import written
from dougong.builder.checks import check
from dougong.platform.messages import say
from dougong.runtime.canonical import content_hash

FILES = sorted((Path(__file__).parent / "files").glob("*.bpmn"))
ROLES = {"Call centre": "call_centre"}


def told(found: Import) -> str:
    """An import as a page of text."""
    document = found.document
    lines = [f"{document.get('key', '-')}: {document['title']['en']}", document.get("description", {}).get("en", ""), ""]
    for node in document["nodes"]:
        at = document["layout"]["nodes"][node["uid"]]
        config = json.dumps(node.get("config", {}), ensure_ascii=False)
        lines.append(f"{node['uid']} [{node['type']}] {node['title']['en']} {config} @{at['x']},{at['y']}")
    lines.append("")
    for edge in document["edges"]:
        words = [edge.get("title", {}).get("en", ""), edge.get("on", ""), "default" if edge.get("default") else ""]
        when = json.dumps(edge["when"], ensure_ascii=False) if "when" in edge else ""
        lines.append(" ".join(filter(None, [f"{edge['source']} > {edge['target']}", *words, when])))
    lines += [f"note {one['text']['en']}" for one in document.get("notes", ())]
    lines += ["", *(f"field {one['key']}: {one['type']} {one['title']['en']}" for one in found.fields), ""]
    lines += [f"{one.line}: {one.step or one.about or '-'}: {say(one.reason, 'en')}" for one in found.remarks]
    return "\n".join(line.rstrip() for line in lines) + "\n"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_made_of_a_file(path: Path) -> None:
    found = told(imported(path.read_bytes(), ROLES))
    kept = path.with_suffix(".txt")
    if os.environ.get("REWRITE"):
        kept.write_text(found, "utf-8")
    assert found == kept.read_text("utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_step_and_line_of_a_file_is_there_or_told_of(path: Path) -> None:
    found = imported(path.read_bytes())
    told_of = json.dumps([[one.about, one.reason.params] for one in found.remarks], ensure_ascii=False)
    titles = {node["title"]["en"] for node in found.document["nodes"]} | {
        edge.get("title", {}).get("en") for edge in found.document["edges"]
    }
    for name in _names(path):
        assert name in titles or name in told_of, name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_was_drawn_elsewhere_survives_our_own_round_trip(path: Path) -> None:
    document = _whole(imported(path.read_bytes()))
    assert not schemas.problems("workflow", document)
    again = imported(written(document))
    assert again.document == document and not again.remarks


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_checks_look_at_what_was_drawn_elsewhere(path: Path) -> None:
    """They find what is left to do; none of it is a wrong document."""
    document = _whole(imported(path.read_bytes()))
    codes = {problem.reason.code for problem in check(document, {})}
    assert codes - {"schema.required"} and content_hash(document)


def _whole(found: Import) -> dict[str, Any]:
    return {"uid": "u", "key": "drawn", **found.document}


def _names(path: Path) -> list[str]:
    """The names that stand in a file, by no parser of ours."""
    from lxml import etree

    tree = etree.fromstring(path.read_bytes())
    kinds = ("Task", "task", "Event", "Gateway", "subProcess", "SubProcess", "callActivity", "sequenceFlow")
    named = [one for one in tree.iter() if isinstance(one.tag, str) and one.tag.endswith(kinds) and one.get("name", "").strip()]
    return [" ".join(one.get("name").split()) for one in named if _chosen(one)]


def _chosen(element: Any) -> bool:
    return not any(one.get("id") == "Process_stock" for one in element.iterancestors())

"""Bombs, garbage, other XML, wrong encodings: refused with a reason that says where, in no time; nothing crashes."""

import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dougong import schemas
from dougong.builder.bpmn import markup
from dougong.builder.bpmn.reading import imported
from dougong.platform.messages import say
from dougong.runtime.reason import Reason, Refused

FILES = sorted((Path(__file__).parent / "files").glob("*.bpmn"))
HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">'


def process(inner: str) -> bytes:
    return f'{HEAD}<process id="p" isExecutable="true">{inner}</process></definitions>'.encode()


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
STEPS = "".join(f'<task id="t{n}"/>' for n in range(2001))
FLOWS = '<task id="a"/>' + "".join(f'<sequenceFlow id="f{n}" sourceRef="a" targetRef="a"/>' for n in range(4001))
REFUSED = {
    "billion laughs": (f'<!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]><d>&l9;</d>'.encode(), "bpmn.entity"),
    "quadratic": (f'<!DOCTYPE d [<!ENTITY a "{"a" * 100_000}">]><d>{"&a;" * 1000}</d>'.encode(), "bpmn.entity"),
    "external entity": (b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>', "bpmn.entity"),
    "external subset": (b'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd"><d>&x;</d>', "bpmn.entity"),
    "parameter entity": (b'<!DOCTYPE d [<!ENTITY % x SYSTEM "http://127.0.0.1:9/"> %x;]><d/>', "bpmn.entity"),
    "undefined entity": (f"{HEAD}&nbsp;</definitions>".encode(), "bpmn.entity"),
    "deep": (b"<d>" * 50_000, "bpmn.too_deep"),
    "many": (process("<documentation/>" * 100_001), "bpmn.too_many_elements"),
    "large": (b"<d>" + b" " * markup.MAX_BYTES + b"</d>", "bpmn.too_large"),
    "many steps": (process(STEPS), "bpmn.too_many_steps"),
    "many lines": (process(FLOWS), "bpmn.too_many_flows"),
    "nothing": (b"", "bpmn.empty"),
    "spaces": (b" \n ", "bpmn.empty"),
    "text": ("这不是流程".encode(), "bpmn.no_xml"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "bpmn.encoding"),
    "a zip": (b"PK\x03\x04 and so on", "bpmn.no_xml"),
    "json": (b'{"kind": "workflow"}', "bpmn.no_xml"),
    "html": (b"<html><body>401</body></html>", "bpmn.no_bpmn"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "bpmn.no_bpmn"),
    "dmn": (b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"><decision/></definitions>', "bpmn.no_process"),
    "only a collaboration": (f"{HEAD}<collaboration/></definitions>".encode(), "bpmn.no_process"),
    "an empty process": (process("<laneSet/>"), "bpmn.no_steps"),
    "cut short": (process('<task id="a"/>')[:-20], "bpmn.syntax"),
    "wrong ends": (f"{HEAD}\n<process></definitions></process>".encode(), "bpmn.syntax"),
    "a null": (f"{HEAD}\x00</definitions>".encode(), "bpmn.syntax"),
    "says utf-8, is gbk": ('<?xml version="1.0" encoding="UTF-8"?>\n<d>中文</d>'.encode("gbk"), "bpmn.encoding"),
    "utf-7": (b'<?xml version="1.0" encoding="utf-7"?><d/>', "bpmn.unknown_encoding"),
    "no encoding at all": (b'<?xml version="1.0" encoding="zlib_codec"?><d/>', "bpmn.unknown_encoding"),
    "utf-16 cut short": ('<?xml version="1.0" encoding="utf-16"?><d/>'.encode("utf-16")[:-1], "bpmn.encoding"),
}


@pytest.mark.parametrize(("raw", "code"), REFUSED.values(), ids=[*REFUSED])
def test_what_is_wrong_is_refused_at_once_with_a_reason(raw: bytes, code: str) -> None:
    began = time.process_time()
    with pytest.raises(Refused) as refused:
        imported(raw)
    reason = refused.value.reason
    assert reason.code == code
    assert time.process_time() - began < 3
    for language in ("zh-Hans", "en"):
        assert "{" not in say(reason, language)
    assert code in PLAIN or reason.params["line"] >= 1


PLAIN = {"bpmn.empty", "bpmn.too_large", "bpmn.unknown_encoding"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030", "big5"])
def test_the_usual_encodings_are_read(encoding: str) -> None:
    words = process('<task id="t" name="工單"/>').decode()
    raw = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>{words}'.encode(encoding)
    assert "工單" in [node["title"]["en"] for node in imported(raw).document["nodes"]]


def test_a_plain_doctype_is_no_harm() -> None:
    raw = b'<!DOCTYPE definitions SYSTEM "http://127.0.0.1:9/bpmn.dtd">' + process('<task id="t"/>')
    assert imported(raw).document["nodes"]


def test_a_wrong_line_is_told() -> None:
    with pytest.raises(Refused) as refused:
        markup.read(b"<?xml version='1.0'?>\n<a>\n <b>\n</a>")
    assert refused.value.reason == Reason("bpmn.syntax", {"line": 4, "element": "b", "column": 3})


@pytest.mark.parametrize(
    "inner",
    [
        '<task id="a"/><sequenceFlow id="f" sourceRef="a" targetRef="a"/>',
        '<exclusiveGateway id="a"/><exclusiveGateway id="b"/><sequenceFlow id="f" sourceRef="a" targetRef="b"/>'
        '<sequenceFlow id="g" sourceRef="b" targetRef="a"/>',
        '<subProcess id="s"><startEvent id="b"/><endEvent id="e"/><sequenceFlow sourceRef="b" targetRef="e"/></subProcess>'
        '<sequenceFlow id="f" sourceRef="s" targetRef="s"/>',
        '<subProcess id="s"><startEvent id="b"/><sequenceFlow id="i" sourceRef="b" targetRef="s"/></subProcess>',
        '<boundaryEvent id="b" attachedToRef="b"><timerEventDefinition/></boundaryEvent>',
        '<boundaryEvent id="b" attachedToRef="nowhere"/>',
        '<task id="a"/><task id="a"/><task/><task id=""/><sequenceFlow/>',
        '<intermediateThrowEvent id="a"><linkEventDefinition name="L"/></intermediateThrowEvent>'
        '<intermediateCatchEvent id="b"><linkEventDefinition name="L"/></intermediateCatchEvent>'
        '<sequenceFlow id="f" sourceRef="b" targetRef="a"/>',
        '<task id="a"/><association sourceRef="a" targetRef="a"/><textAnnotation id="t"/>'
        '<association sourceRef="t" targetRef="t"/>',
        '<endEvent id="e"/><startEvent id="s"/><sequenceFlow id="f" sourceRef="e" targetRef="s"/>',
        '<boundaryEvent id="on.a.deadline" attachedToRef="a"/><task id="a"/>',
        '<subProcess id="b"><startEvent id="s"/><endEvent id="e"/><task id="t"/>'  # leads to itself, where it ends at once
        '<sequenceFlow id="f" sourceRef="s" targetRef="e"/></subProcess><sequenceFlow id="g" sourceRef="b" targetRef="b"/>',
    ],
)
def test_odd_drawings_become_drafts_or_are_refused(inner: str) -> None:
    _refused_or_read(process(inner))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_damaged_anywhere_is_refused_or_read_never_a_crash(path: Path) -> None:
    chance, raw = random.Random(path.stem), path.read_bytes()
    for _ in range(60):
        at, length = chance.randrange(len(raw)), chance.choice([1, 1, 5, 200])
        _refused_or_read(raw[:at] + chance.randbytes(chance.choice([0, 0, 1, 3])) + raw[at + length :])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_with_other_values_is_refused_or_read_never_a_crash(path: Path) -> None:
    """Every attribute in turn says something else."""
    values = ["", "x", "-1e999", "NaN", "${", "=", "𝟙" * 50, "id", "a" * 3000]
    encoding = "gbk" if path.stem.startswith("activiti") else "utf-8"
    parts = path.read_text(encoding).split('"')
    for index in range(3, len(parts), 2):
        changed = '"'.join([*parts[:index], values[index // 2 % len(values)], *parts[index + 1 :]])
        _refused_or_read(changed.replace('encoding="GBK"', 'encoding="UTF-8"').encode())


KINDS = st.sampled_from(["task", "subProcess", "exclusiveGateway", "boundaryEvent", "startEvent", "endEvent"])
NESTED = st.recursive(KINDS, lambda inner: st.lists(inner, min_size=1, max_size=4), max_leaves=20)


@given(NESTED, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_any_nesting_and_any_lines_become_a_draft(tree: object, chance: random.Random) -> None:
    ids: list[str] = []

    def drawn(part: object) -> str:
        id = f"n{len(ids)}"
        ids.append(id)
        if isinstance(part, list):
            return f'<subProcess id="{id}">{"".join(map(drawn, part))}</subProcess>'
        host = chance.choice(ids)
        event = chance.choice(["", "<timerEventDefinition/>", "<messageEventDefinition/>", '<linkEventDefinition name="L"/>'])
        return f'<{part} id="{id}" attachedToRef="{host}">{event if str(part).endswith("Event") else ""}</{part}>'

    inner = drawn(tree)
    for n in range(chance.randint(0, 2 * len(ids))):
        inner += f'<sequenceFlow id="f{n}" name="f{n}" sourceRef="{chance.choice(ids)}" targetRef="{chance.choice(ids)}"/>'
    _refused_or_read(process(inner))


def _refused_or_read(raw: bytes) -> None:
    try:
        document = {"uid": "u", "key": "k", **imported(raw).document}
    except Refused as refused:
        assert refused.reason.code.startswith("bpmn.")
        return
    assert not schemas.problems("workflow", document)
    uids = [node["uid"] for node in document["nodes"]]
    assert len(set(uids)) == len(uids)
    assert all({edge["source"], edge["target"]} <= set(uids) for edge in document["edges"])

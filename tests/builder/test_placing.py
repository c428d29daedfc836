"""Steps that nobody has placed get places as they come in: each its own, below those that stand."""

from dougong.builder import packs
from dougong.builder.placing import placed
from dougong.runtime.canonical import canonical
from tests.cast import Cast
from tests.drawing import field, flow_doc, form_doc, node, task

FLOW = flow_doc([node("start", "start"), task("a"), task("b"), node("e", "end")], ["start>a", "start>b", "a>e", "b>e"])
STANDS = {"start": {"x": 5, "y": 7}, "a": {"x": 300, "y": 7}}


def corners(doc):
    return [(one["x"], one["y"]) for one in doc["layout"]["nodes"].values()]


def test_each_step_has_a_place_of_its_own():
    found = placed(FLOW)
    assert set(found["layout"]["nodes"]) == {"start", "a", "b", "e"} and len(set(corners(found))) == 4
    assert {**found, "layout": FLOW.get("layout")} == {**FLOW, "layout": FLOW.get("layout")}


def test_what_stands_stays_and_the_rest_is_below():
    drawn = {**FLOW, "layout": {"nodes": STANDS, "notes": {}}}
    found = placed(drawn)["layout"]
    assert {uid: found["nodes"][uid] for uid in STANDS} == STANDS and found["notes"] == {}
    assert all(found["nodes"][uid]["y"] > 7 for uid in ("b", "e"))


def test_who_stands_and_what_has_no_steps_is_left_alone():
    whole = placed(FLOW)
    assert placed(whole) == whole
    assert placed(form_doc(field("note"))) == form_doc(field("note"))


def test_a_workflow_of_another_program_comes_in_with_places_by_the_api_and_in_a_pack(cast: Cast) -> None:
    pack = {"format": 1, "kind": "pack", "key": "p", "version": "1.0.0", "title": {"en": "p"}, "items": [FLOW]}
    [item] = packs.read(canonical(pack))["items"]
    assert len(set(corners(item))) == 4
    api = cast.api(cast.token("alice", "design.edit", "design.see"))
    words = {"zh-Hans": "手写", "en": "By hand"}
    made = api("POST", "/definitions", {"kind": "workflow", "title": words, "key": "by_hand"}).json["id"]
    there = api("GET", f"/definitions/{made}").json
    bare = {**FLOW, **{one: there["draft"][one] for one in ("uid", "key", "title")}}
    saved = api("PUT", f"/definitions/{made}", {"revision": there["revision"], "draft": bare})
    assert saved.status_code == 200, saved.json
    assert len(set(corners(api("GET", f"/definitions/{made}").json["draft"]))) == 4

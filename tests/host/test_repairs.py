"""What an administrator is offered to put a ticket right."""

from dougong.runtime.host import repairs
from tests.cast import Cast
from tests.drawing import edge, flow, form_doc, node, task


def test_where_it_may_be_moved_the_ends_stand_last() -> None:
    nodes = [node("start", "start"), node("end", "end"), task("a"), node("stop", "terminate"), task("b")]
    edges = ["start>a", "a>b", "b>end", edge("a>stop", on="deadline")]
    definition = flow(nodes, edges, form_doc())
    assert [one.uid for one in repairs.places(definition, {})] == ["start", "a", "b", "end", "stop"]


def test_whoever_repairs_tickets_comes_from_the_versions_of_a_workflow_to_their_migration(cast: Cast) -> None:
    alice = cast.sign_in("alice")
    documents = {one["key"]: one["id"] for one in alice.get("/t/acme/builder/api/documents").json}
    page = alice.get(f"/t/acme/builder/{documents['repair']}").text
    address = page.split('data-migration="')[1].split('"')[0]
    assert alice.get(address).status_code == 200
    assert "data-migration" not in alice.get(f"/t/acme/builder/{documents['repair_request']}").text

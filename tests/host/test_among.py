"""可选的人员范围: the list of colleagues offers only those whom the step names, and nobody else is taken, on the page and over
the API."""

import pytest

from tests.cast import Cast
from tests.drawing import field, flow_doc, form_doc, node
from tests.host.test_approvals import act, task_of, waiting
from tests.host.test_chosen import FORM
from tests.host.test_races import publish

MAY = {
    "transfer": True,
    "delegate": True,
    "add_signer": True,
    "among": [{"uid": "a", "who": {"by": "role", "role": "refund_board"}}],
}


@pytest.fixture
def ticket(cast: Cast) -> str:
    nodes = [
        node("start", "start"),
        node("p", "approval", who={"by": "person_field", "field": "boss"}, mode="all", **MAY),
        node("e", "end"),
    ]
    form = form_doc(field("boss", "person"), key="bossy")
    publish(cast, FORM, form, flow_doc(nodes, ["start>p", "p>e"], key="ranged", form="bossy"))
    filed = cast.sign_in("bob").post("/t/acme/tickets/new/ranged", data={"f.boss": cast.member_id("kevin")})
    return str(filed.headers["Location"]).rsplit("/", 1)[1]


def offered(cast: Cast, name: str, task: str, text: str = "", tenant: str = "acme", act: str = "add") -> list[str] | int:
    answer = cast.sign_in(name).get(f"/t/{tenant}/choices/person?q={text}&entity=task:{task}:{act}")
    return sorted(one["id"] for one in answer.json) if answer.status_code == 200 else answer.status_code


def test_the_list_offers_those_who_may_be_chosen(cast: Cast, ticket: str) -> None:
    task = task_of(cast, "kevin", ticket)
    assert task and f'data-entity="task:{task.id}:transfer"' in cast.sign_in("kevin").get(f"/t/acme/tickets/{ticket}").text
    board = sorted(cast.member_id(name) for name in ("helen", "fiona"))
    assert offered(cast, "kevin", task.id) == board
    assert offered(cast, "kevin", task.id, "何") == [cast.member_id("helen")]
    assert offered(cast, "grace", task.id) == 404, "it is not hers"
    assert offered(cast, "charlie", task.id, tenant="globex") == 404
    assert offered(cast, "kevin", "gone") == 404


def test_others_are_refused_by_name(cast: Cast, ticket: str) -> None:
    page = act(cast, "kevin", ticket, "transfer", 422, to=cast.member_id("grace")).text
    assert "高洁 Grace 不在这一步可选的人员范围内" in page
    act(cast, "kevin", ticket, "add_beside", 422, persons=[cast.member_id("grace")])
    act(cast, "kevin", ticket, "add_beside", persons=[cast.member_id("fiona")])
    act(cast, "kevin", ticket, "transfer", to=cast.member_id("helen"))
    assert waiting(cast, ticket) == [("p", "fiona"), ("p", "helen")]


def test_the_api_tells_whom_and_refuses_others(cast: Cast, ticket: str) -> None:
    task, kevin = task_of(cast, "kevin", ticket), cast.api(cast.token("kevin"))
    assert task is not None
    told = kevin("GET", f"/tasks/{task.id}").json
    board = sorted(cast.member_id(name) for name in ("helen", "fiona"))
    assert {act: sorted(ids) for act, ids in told["among"].items()} == dict.fromkeys(("transfer", "delegate", "add"), board)
    body = {"revision": task.revision, "verb": "transfer", "to": cast.member_id("grace")}
    refused = kevin("POST", f"/tasks/{task.id}/act", body)
    assert refused.status_code == 422
    assert [one["code"] for one in refused.json["error"]["details"]] == ["verb.not_among"]
    assert kevin("POST", f"/tasks/{task.id}/act", {**body, "to": cast.member_id("helen")}).status_code == 200

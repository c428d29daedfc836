"""按角色查看: what a workflow hides from a role is told by no page, call, list, search, board, file or export."""

import io
from typing import Any

import pytest

from dougong.platform.store import transaction
from dougong.runtime.host import saving
from dougong.runtime.host.tables import Involved
from tests.cast import Cast, fields
from tests.drawing import field, flow, flow_doc, form_doc, node, task, text
from tests.host.test_foreign import addresses, something_of_acme
from tests.host.test_races import publish

SECRET, OPEN = "zhuque7731", "qinglong8842"
HIDES = {"secret": "hidden", "paper": "hidden"}
READERS = [
    {"uid": "r1", "who": "platform:viewer", "rights": HIDES},
    {"uid": "r2", "who": "role:emergency_team", "rights": {"*": "hidden", "open": "read"}},
    {"uid": "r3", "who": "role:supervisor", "rights": {"paper": "hidden"}},
]


@pytest.fixture
def hush(cast: Cast) -> Cast:
    """Bob files; frank is asked to look, and emma and kevin, whose roles read less, get a copy."""
    form = form_doc(field("open"), field("secret"), field("paper", "files"), key="hush")
    copies = [{"by": "role", "role": one} for one in ("emergency_team", "supervisor")]
    told = [node(f"tell{at}", "notify", to=who, text=text("x"), copy=True) for at, who in enumerate(copies)]
    look = task("look", who={"by": "role", "role": "engineer"}, rights={"*": "read"})
    flow = flow_doc(
        [node("start", "start"), *told, look, node("end", "end")],
        ["start>tell0", "tell0>tell1", "tell1>look", "look>end"],
        key="hush", form="hush", ticket_title=text("{open}"), summary_fields=["open", "secret"], readers=READERS,
    )  # fmt: skip
    publish(cast, form, flow)
    return cast


def filed(cast: Cast) -> dict[str, str]:
    bob = cast.sign_in("bob")
    papers = [bob.post("/t/acme/uploads", data={"file": (io.BytesIO(SECRET.encode()), "a.txt")}).json["id"] for _ in range(2)]
    answer = bob.post("/t/acme/tickets/new/hush", data=fields({"open": OPEN, "secret": SECRET, "paper": papers[0]}))
    assert answer.status_code == 302, answer.text
    ticket_id = str(answer.headers["Location"]).rsplit("/", 1)[1]
    bob.post(f"/t/acme/tickets/{ticket_id}/comments", data={"text": "see", "f.files": papers[1]})
    return {"ticket_id": ticket_id, "file_id": papers[0], "said_with": papers[1]}


def told(cast: Cast, ids: dict[str, Any], name: str) -> set[str]:
    """Every address, page and call, that tells this person the secret."""
    client, headers = cast.sign_in(name), {"Authorization": f"Bearer {cast.token(name)}"}
    found = {address for method, address, _ in addresses(cast, ids, "acme") if method == "GET"}
    found |= {
        f"/t/acme/{one}" for one in ("tickets.csv?workflow=hush", "board?workflow=hush", f"board?workflow=hush&q={SECRET}")
    }
    found |= {f"/t/acme/{one}?q={SECRET}" for one in ("tickets", "inbox", "tickets.csv", "search")}
    found |= {f"/api/v1/t/acme/{one}?q={SECRET}" for one in ("tickets", "tasks")}
    seen = set()
    for address in found:
        answer = client.get(address, headers=headers if address.startswith("/api/") else {}, buffered=True)
        sought = ids["ticket_id"] if f"q={SECRET}" in address else SECRET  # what one looks for stands in the page anyway
        if sought in answer.data.decode("utf-8", "replace"):
            seen.add(address)
    return seen


def test_what_is_hidden_from_a_role_is_told_by_no_address(hush: Cast) -> None:
    ids = {**something_of_acme(hush), **filed(hush)}
    page, call = f"/t/acme/tickets/{ids['ticket_id']}", f"/api/v1/t/acme/tickets/{ids['ticket_id']}"
    file, sheet = ids["file_id"], "/t/acme/tickets.csv?workflow=hush"
    fields_told = {page, f"{page}/print", call, sheet}
    files_told = {f"/t/acme/files/{file}", f"/api/v1/t/acme/files/{file}"}
    doors = {name: told(hush, ids, name) for name in ("alice", "victor", "emma", "kevin", "frank")}
    assert doors["alice"] == doors["frank"] == fields_told | files_told
    assert doors["kevin"] == fields_told
    assert doors["victor"] == doors["emma"] == set()


def test_what_is_read_is_still_read_and_whoever_sees_the_ticket_sees_what_was_said(hush: Cast) -> None:
    ids = filed(hush)
    for name in ("victor", "emma", "kevin", "alice"):
        client = hush.sign_in(name)
        assert OPEN in client.get(f"/t/acme/tickets/{ids['ticket_id']}").text
        assert client.get(f"/t/acme/files/{ids['said_with']}").status_code == 200
        assert ids["ticket_id"] in client.get(f"/t/acme/tickets?q={OPEN}").text


def test_a_step_shows_what_it_lets_read_whatever_the_role(hush: Cast) -> None:
    """Who has several of the named roles reads what any of them reads; who takes part in a step what the step shows."""
    ids = filed(hush)
    with hush.app.app_context(), transaction(hush.tenants["acme"]) as session:
        session.merge(Involved(ticket_id=ids["ticket_id"], principal="role:engineer", part="copy"))
    bob = hush.sign_in("bob")
    assert SECRET in bob.get(f"/t/acme/tickets/{ids['ticket_id']}").text
    hush.work("frank", ids["ticket_id"], "look")
    assert SECRET in hush.sign_in("frank").get(f"/t/acme/tickets/{ids['ticket_id']}").text


def test_a_service_reads_what_its_roles_read(hush: Cast) -> None:
    ids = filed(hush)
    for role, reads in (("viewer", False), ("tenant_admin", True)):
        answer = hush.api(hush.service(role))("GET", f"/tickets/{ids['ticket_id']}")
        assert answer.status_code == 200 and (SECRET in answer.get_data(as_text=True)) is reads, role


def test_where_no_title_is_drawn_a_ticket_is_told_by_its_first_line_that_nothing_hides() -> None:
    form = form_doc(field("secret"), field("sum", "money"), field("customer"))
    nodes = [node("start", "start"), node("do", "user_task", rights={"secret": "hidden", "*": "read"}), node("end", "end")]
    drawn = flow(nodes, ["start>do", "do>end"], form)
    told = saving.title_of(drawn, {"secret": "x", "sum": "1.00", "customer": "张三"})
    assert told == {tag: f"{title} · 张三" for tag, title in drawn.title.items()}
    assert saving.title_of(drawn, {"secret": "x"})["en"] == drawn.title["en"]
    hidden = {"customer": "hidden"}
    closed = flow(nodes, ["start>do", "do>end"], form, readers=[{"uid": "r", "who": "role:a", "rights": hidden}])
    assert saving.title_of(closed, {"customer": "张三"})["en"] == closed.title["en"]


def test_where_no_summary_is_drawn_lists_tell_the_first_fields_that_fit_and_nothing_hides() -> None:
    names = ("customer", "secret", "sum", "on", "level", "more")
    form = form_doc(*map(field, names), field("note", "textarea"), field("paper", "files"), field("shop"))
    nodes = [node("start", "start"), node("do", "user_task", rights={"secret": "hidden", "*": "read"}), node("end", "end")]
    for more, told in (
        ({}, ["sum", "on", "level"]),  # the customer is in the title
        ({"ticket_title": text("{sum}")}, ["customer", "sum", "on"]),
        ({"summary_fields": ["shop", "secret"]}, ["shop"]),
    ):
        drawn = flow(nodes, ["start>do", "do>end"], form, **more)
        assert [one.key for one in drawn.open_summary] == told
    few = flow(
        nodes, ["start>do", "do>end"], form_doc(field("note", "textarea"), field("paper", "files"), field("a"), field("b"))
    )
    assert [one.key for one in few.open_summary] == ["b"]

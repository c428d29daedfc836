"""Titles, labels, values, comments, names that would be markup, script, htmx or templates: words on every page, no more."""

import itertools
import json
from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient

from dougong.builder import documents as builder
from dougong.platform import documents
from dougong.platform.store import transaction
from dougong.runtime.canonical import content_hash
from tests.cast import Cast, fields
from tests.drawing import field, flow_doc, form_doc, node, options, task

MARK = "EVIL"
EVIL = (
    "<script>alert('EVIL')</script>",
    "</script><script>EVIL()</script>",
    "<img src=x onerror=EVIL() hx-get=/EVIL hx-trigger=load>",
    "\"><b data-EVIL hx-post='/EVIL'>",
    "javascript:EVIL()",
    "{{ 7 * 7 }} EVIL {% include 'x' %}",
    "{0.__class__} EVIL {title}",
    "=HYPERLINK(\"http://EVIL\")",
)  # fmt: skip


class Reader(HTMLParser):
    """Where the mark stands: as text and in the value of an attribute it is only words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.inside, self.wrong, self.words = "", [], 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.inside = tag
        for name, value in attrs:
            said = MARK in (value or "") or MARK.lower() in name
            acts = name.startswith(("on", "hx-")) or MARK.lower() in name
            leads = name in ("href", "src", "action", "formaction", "style") and (value or "").strip().startswith("javascript")
            if (said and acts) or leads:
                self.wrong.append((tag, name, value))

    def handle_data(self, data: str) -> None:
        if MARK in data:
            self.words += 1
            if self.inside in ("script", "style"):
                self.wrong.append((self.inside, "", data[:80]))

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""


@pytest.fixture
def hostile(cast: Cast) -> Cast:
    """A form and a workflow, all of whose texts are hostile, published at Acme by somebody who is called so."""
    turns = itertools.cycle(EVIL)

    def said() -> dict[str, str]:
        return {"zh-Hans": next(turns), "en": next(turns)}

    choices = options("one")
    choices["options"][0]["title"] = said()
    note, pick = field("note"), field("pick", "choice", config=choices)
    form = form_doc({**note, "title": said(), "help": said()}, {**pick, "title": said()}, key="hostile", title=said())
    form["sections"][0]["title"] = said()
    work = task("work", who={"by": "initiator"}, advice=said())
    flow = flow_doc([node("start", "start"), work, node("end", "end")], ["start>work", "work>end"], form="hostile")
    flow |= {"key": "hostile", "uid": "hostile-flow", "title": said(), "ticket_title": {"zh-Hans": "{note}", "en": "{note}"}}
    for one in flow["nodes"]:
        one["title"] = said()

    class By:
        member_id, tenant_id, name = None, cast.tenants["acme"], EVIL[2]

    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        made = [documents.create(session, By(), body, content_hash(body)) for body in (form, flow)]
        builder.publish_all(session, By(), made)
    return cast


def looked_at(client: FlaskClient, address: str) -> int:
    """How often the words stand on the page; none of them does anything."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    reader = Reader()
    reader.feed(answer.text)
    assert reader.wrong == [], (address, reader.wrong)
    assert "49 EVIL" not in answer.text and "&lt;class" not in answer.text, address
    return reader.words


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_hostile_words_are_words_on_every_page(hostile: Cast, language: str) -> None:
    alice = hostile.sign_in("alice")
    assert alice.post("/language", data={"language": language}).status_code in (302, 303, 204)
    assert looked_at(alice, "/t/acme/tickets/new") and looked_at(alice, "/t/acme/tickets/new/hostile")
    text = " ".join(EVIL)
    filed = alice.post("/t/acme/tickets/new/hostile", data=fields({"note": text[:190], "pick": "one"}))
    assert filed.status_code == 302
    ticket = str(filed.headers["Location"])
    assert alice.post(f"{ticket}/comments", data={"text": text}).status_code in (302, 200)
    seen = [
        looked_at(alice, address)
        for address in (ticket, "/t/acme/tickets", "/t/acme/inbox", "/t/acme/board?workflow=hostile", "/t/acme/builder/",
                        f"/t/acme/search?q={MARK}", "/t/acme/settings/audit")
    ]  # fmt: skip
    assert all(seen), seen


def test_a_wrong_value_comes_back_as_words(hostile: Cast) -> None:
    answer = hostile.sign_in("alice").post("/t/acme/tickets/new/hostile", data=fields({"note": "x", "pick": EVIL[3]}))
    reader = Reader()
    reader.feed(answer.text)
    assert answer.status_code == 422 and reader.wrong == []


def test_what_a_spreadsheet_would_run_is_told_as_text(hostile: Cast) -> None:
    alice = hostile.sign_in("alice")
    alice.post("/t/acme/tickets/new/hostile", data=fields({"note": EVIL[7], "pick": "one"}))
    rows = alice.get("/t/acme/tickets.csv").text.splitlines()
    assert any(MARK in row for row in rows)
    assert not any(cell.lstrip('"').startswith("=") for row in rows for cell in row.split(","))


def test_the_editor_carries_them_as_data(hostile: Cast) -> None:
    with hostile.reading() as session:
        ids = [one.id for one in documents.listed(session) if one.key == "hostile"]
    alice = hostile.sign_in("alice")
    for document_id in ids:
        looked_at(alice, f"/t/acme/builder/{document_id}")
        draft = alice.get(f"/t/acme/builder/api/documents/{document_id}")
        assert draft.mimetype == "application/json" and MARK in json.dumps(draft.get_json(), ensure_ascii=False)

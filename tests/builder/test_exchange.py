"""BPMN on the pages and over the API: shown before it is imported, imported whole or not at all, exported, imported again."""

import io
import os
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from dougong.builder.bpmn.reading import imported
from dougong.platform.documents import Document
from dougong.platform.messages import t
from dougong.runtime.canonical import content_hash
from tests.cast import Cast

FILES = Path(__file__).parent / "bpmn" / "files"
INVOICE = (FILES / "camunda7_invoice.bpmn").read_bytes()
LEAVE = (FILES / "flowable_leave.bpmn").read_bytes()


def upload(client: FlaskClient, raw: bytes, slug: str = "acme") -> Any:
    return client.post(f"/t/{slug}/builder/bpmn/preview", data={"file": (io.BytesIO(raw), "drawn.bpmn")})


def take(client: FlaskClient, page: Any, slug: str = "acme", **form: str) -> Any:
    name = re.search(r'name="name" value="([0-9a-f]{64})"', page.text)
    assert name
    return client.post(f"/t/{slug}/builder/bpmn/import", data={"name": name[1], "title": "Drawn elsewhere", **form})


def drafts(cast: Cast, slug: str = "acme") -> int:
    with cast.reading(slug) as session:
        return session.scalar(select(func.count()).select_from(Document)) or 0


def draft(cast: Cast, kind: str, key: str, slug: str = "acme") -> dict[str, Any]:
    with cast.reading(slug) as session:
        return dict(session.scalars(select(Document.draft).where(Document.kind == kind, Document.key == key)).one())


def test_a_preview_tells_what_becomes_of_it_and_writes_nothing(cast: Cast) -> None:
    before = drafts(cast)
    page = upload(cast.sign_in("alice"), INVOICE)
    assert page.status_code == 200 and drafts(cast) == before
    for words in ("Invoice receipt", "camunda:class = com.example.Archive", "myBean.gaveUp(execution)"):
        assert words in page.text


def test_what_was_previewed_and_never_imported_waits_a_day(cast: Cast) -> None:
    alice, folder = cast.sign_in("alice"), cast.home / "incoming" / cast.tenants["acme"]
    upload(alice, INVOICE)
    [old] = folder.iterdir()
    os.utime(old, (0, 0))
    upload(alice, LEAVE)
    [fresh] = folder.iterdir()
    assert fresh.read_bytes() == LEAVE


def test_it_is_imported_as_a_draft_with_a_form_and_notes(cast: Cast) -> None:
    alice = cast.sign_in("alice")
    answer = take(alice, upload(alice, INVOICE), title="Invoices")
    assert answer.status_code == 302
    found = draft(cast, "workflow", "invoice")
    assert found["title"] == {"zh-Hans": "Invoices", "en": "Invoices"}
    notes = {node["uid"]: node.get("remark", {}) for node in found["nodes"]}
    assert notes["archive"]["en"].splitlines() == ["Annotation: Twice a day", "Was set: camunda:class = com.example.Archive"]
    assert notes["archive"]["zh-Hans"].startswith("注释：Twice a day")
    fields = draft(cast, "form", found["form"])["sections"][0]["fields"]
    assert {"amount": "number", "approved": "boolean", "category": "choice"}.items() <= {
        one["key"]: one["type"] for one in fields
    }.items()
    assert alice.get(answer.location).status_code == 200


def test_a_form_that_is_there_can_be_chosen(cast: Cast) -> None:
    alice = cast.sign_in("alice")
    before = drafts(cast)
    assert take(alice, upload(alice, LEAVE), form="repair_request").status_code == 302
    assert draft(cast, "workflow", "leave_request")["form"] == "repair_request" and drafts(cast) == before + 1


@pytest.mark.parametrize(("form", "title"), [("no_such_form", "x"), ("", " ")])
def test_nothing_is_written_where_a_choice_is_wrong(cast: Cast, form: str, title: str) -> None:
    alice = cast.sign_in("alice")
    before = drafts(cast)
    answer = take(alice, upload(alice, LEAVE), form=form, title=title)
    assert answer.status_code == 422 and t("bpmn.nothing_written", "zh-Hans") in answer.text
    assert drafts(cast) == before


def test_a_second_import_is_a_copy_beside_the_first(cast: Cast) -> None:
    alice = cast.sign_in("alice")
    for _ in range(2):
        assert take(alice, upload(alice, LEAVE)).status_code == 302
    first, second = draft(cast, "workflow", "leave_request"), draft(cast, "workflow", "leave_request_1")
    assert first["uid"] != second["uid"] and first["nodes"] == second["nodes"]


@pytest.mark.parametrize("raw", [b"", b"no xml", b"<html/>", b'<!DOCTYPE d [<!ENTITY a "b">]><d>&a;</d>', b"<d>" * 5000])
def test_what_is_no_bpmn_is_refused_in_words(cast: Cast, raw: bytes) -> None:
    before = drafts(cast)
    answer = upload(cast.sign_in("alice"), raw)
    assert answer.status_code == 422 and 'role="alert"' in answer.text and drafts(cast) == before


def test_no_file_at_all(cast: Cast) -> None:
    assert cast.sign_in("alice").post("/t/acme/builder/bpmn/preview").status_code == 422


def test_what_is_exported_is_imported_as_the_same(cast: Cast) -> None:
    """Here as a copy, because the key is taken; at another company under its own key and uid."""
    alice, charlie = cast.sign_in("alice"), cast.sign_in("charlie")
    with cast.reading() as session:
        document_id = session.scalars(select(Document.id).where(Document.kind == "workflow", Document.key == "refund")).one()
    answer = alice.get(f"/t/acme/builder/bpmn/{document_id}.bpmn")
    assert answer.mimetype == "application/xml" and "refund.bpmn" in answer.headers["Content-Disposition"]
    before = draft(cast, "workflow", "refund")
    assert imported(answer.data).document == before
    page = upload(charlie, answer.data, "globex")
    assert t("bpmn.all_there", "zh-Hans") in page.text
    assert take(charlie, page, "globex", title=before["title"]["zh-Hans"]).status_code == 302
    there = draft(cast, "workflow", "refund", "globex")
    assert content_hash({**there, "form": before["form"]}) == content_hash(before) and there["layout"] == before["layout"]
    assert take(alice, upload(alice, answer.data), form="refund_request", title=before["title"]["en"]).status_code == 302
    copy = draft(cast, "workflow", "refund_1")
    assert {**copy, "key": "refund", "uid": before["uid"]} == before


def test_only_workflows_are_exported_and_only_designers_import(cast: Cast) -> None:
    with cast.reading() as session:
        form_id = session.scalars(select(Document.id).where(Document.key == "repair_request")).one()
    assert cast.sign_in("alice").get(f"/t/acme/builder/bpmn/{form_id}.bpmn").status_code == 404
    assert upload(cast.sign_in("bob"), INVOICE).status_code == 403


def test_over_the_api(cast: Cast) -> None:
    client, headers = cast.app.test_client(), {"Authorization": f"Bearer {cast.token('alice')}"}
    at = "/api/v1/t/acme/definitions"
    made = client.post(f"{at}/bpmn", headers=headers, data={"file": (io.BytesIO(LEAVE), "leave.bpmn")})
    assert made.status_code == 201, made.json
    assert ["manager", "bpmn.note.group"] in [[one["node"], one["code"]] for one in made.json["remarks"]]
    again = client.get(f"{at}/{made.json['id']}/bpmn", headers=headers)
    assert imported(again.data).document == draft(cast, "workflow", "leave_request")
    before = drafts(cast)
    refused = client.post(f"{at}/bpmn", headers=headers, data={"file": (io.BytesIO(b"<html/>"), "leave.bpmn")})
    assert refused.status_code == 422 and drafts(cast) == before

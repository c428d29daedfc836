"""The life of a definition over the builder's API: drafts with a revision, versions that never change, locks, refusals."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select

from dougong.platform.documents import Document, Version
from dougong.platform.store import db, transaction
from dougong.platform.tenancy import Tenant
from tests.cast import REPAIR, Cast, fields

API = "/t/acme/builder/api"


@pytest.fixture
def alice(cast: Cast) -> FlaskClient:
    return cast.sign_in("alice")


def known(alice: FlaskClient, kind: str, key: str) -> dict[str, Any]:
    found = alice.get(f"{API}/documents?kind={kind}").json
    return next(one for one in found if one["key"] == key)


def opened(alice: FlaskClient, kind: str, key: str) -> dict[str, Any]:
    found: dict[str, Any] = alice.get(f"{API}/documents/{known(alice, kind, key)['id']}").json
    return found


def put(alice: FlaskClient, one: dict[str, Any], **changes: Any) -> Any:
    return alice.put(f"{API}/documents/{one['id']}", json={"revision": one["revision"], "draft": {**one["draft"], **changes}})


def test_a_draft_is_saved_with_its_problems_and_a_new_revision(alice: FlaskClient) -> None:
    one = opened(alice, "workflow", "repair")
    answer = put(alice, one, edges=one["draft"]["edges"][1:])
    assert answer.status_code == 200 and answer.json["revision"] == one["revision"] + 1
    codes = {problem["code"] for problem in answer.json["problems"]}
    assert "check.unreachable" in codes
    found = next(problem for problem in answer.json["problems"] if problem["code"] == "check.unreachable")
    assert found["nodes"] and found["message"] and found["advice"]
    assert alice.get(f"{API}/documents/{one['id']}/problems").json == answer.json  # as whoever opens it later is told


def test_a_save_reads_all_that_is_drawn_at_once(alice: FlaskClient, cast: Cast) -> None:
    one = opened(alice, "workflow", "repair")
    asked: list[str] = []
    with cast.app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *of: asked.append(of[2]))
    assert put(alice, one).status_code == 200
    assert alice.get(f"{API}/documents/{one['id']}/users").status_code == 200
    drawn = [statement for statement in asked if "document.draft" in statement]
    assert drawn and len(drawn) <= 6  # not one for each definition of the tenant


def test_a_stale_draft_is_told_what_stands_there_now(alice: FlaskClient, cast: Cast) -> None:
    one = opened(alice, "form", "repair_request")
    put(alice, one, title={"zh-Hans": "新标题", "en": "New title"})
    stale = put(alice, one, title={"zh-Hans": "另一个", "en": "Another"})
    assert stale.status_code == 409
    assert stale.json["current"]["draft"]["title"]["zh-Hans"] == "新标题"
    assert stale.json["current"]["updated_by"] == "林晓 Alice"
    assert opened(alice, "form", "repair_request")["draft"]["title"]["en"] == "New title"


@pytest.mark.parametrize(
    ("raw", "code", "path"),
    [
        (b'{"revision": 1, "draft": {"a": NaN}}', "json.inexact", "/draft/a"),
        (b'{"revision": 1, "draft": {"a": 1, "a": 2}}', "json.duplicate_key", "/draft"),
        (b'{"revision": 1, "draft": {"a": 1.5}}', "json.inexact", "/draft/a"),
        (b'{"revision": 1, "draft": ' + b"[" * 5000 + b"]" * 5000 + b"}", "json.too_deep", ""),
        (b'{"revision": 1, "draft": {"kind"', "json.syntax", ""),
        (b"\xff\xfe", "json.not_utf8", ""),
        (b"[]", "schema.type", ""),
        (b'{"revision": 1, "draft": null}', "schema.type", "/draft"),
        (b'{"revision": true, "draft": {}}', "schema.type", "/revision"),
    ],
)
def test_what_no_document_can_hold_is_refused_with_its_path(alice: FlaskClient, raw: bytes, code: str, path: str) -> None:
    one = known(alice, "form", "repair_request")
    answer = alice.put(f"{API}/documents/{one['id']}", data=raw, content_type="application/json")
    assert answer.status_code == 422
    assert (answer.json["error"]["code"], answer.json["error"]["path"]) == (code, path)
    assert answer.json["error"]["message"] != code


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ({"kind": ["form"], "title": {"en": "A"}}, "/kind"),
        ({"kind": "no such kind", "title": {"en": "A"}}, "/kind"),
        ({"kind": "form", "title": "A"}, "/title"),
        ({"kind": "form", "title": {"en": " "}}, "/title"),
        ({"kind": "form", "title": {"en": "A" * 5000}}, "/title/en"),
        ({"kind": "form", "title": {"en": "A"}, "key": "not a key"}, "/key"),
        ({"kind": "form", "title": {"en": "A"}, "key": {"a": 1}}, "/key"),
    ],
)
def test_what_would_be_no_definition_is_not_made(alice: FlaskClient, asked: dict[str, Any], path: str) -> None:
    before = len(alice.get(f"{API}/documents").json)
    answer = alice.post(f"{API}/documents", json=asked)
    assert (answer.status_code, answer.json["error"]["path"]) == (422, path)
    assert len(alice.get(f"{API}/documents").json) == before


@pytest.mark.parametrize(
    ("verb", "more", "path"),
    [
        ("publish", {"companions": [{}]}, "/companions"),
        ("publish", {"companions": None}, "/companions"),
        ("restore", {"number": [1]}, "/number"),
        ("copy", {"title": 5}, "/title"),
        ("copy", {"title": {"en": "A"}, "number": "1"}, "/number"),
        ("copy", {"title": {"English": "A"}}, "/title"),
    ],
)
def test_a_verb_is_not_asked_for_just_anything(alice: FlaskClient, verb: str, more: dict[str, Any], path: str) -> None:
    one = known(alice, "form", "repair_request")
    answer = alice.post(f"{API}/documents/{one['id']}/{verb}", json={"revision": one["revision"], **more})
    assert (answer.status_code, answer.json["error"]["path"]) == (422, path)


def test_a_version_with_an_endless_number_is_not_there(alice: FlaskClient) -> None:
    one = known(alice, "form", "repair_request")
    assert alice.get(f"{API}/documents/{one['id']}/versions/{10**30}").status_code == 404


def test_everything_that_is_missing_is_named(alice: FlaskClient) -> None:
    found = alice.post(f"{API}/check", json={"draft": {"kind": "role"}}).json["problems"]
    assert {one["params"]["key"] for one in found} == {"format", "uid", "key", "title"}


def test_an_unknown_key_is_refused_where_it_stands(alice: FlaskClient) -> None:
    one = opened(alice, "form", "repair_request")
    sections = [dict(section) for section in one["draft"]["sections"]]
    sections[0] = {**sections[0], "colour": "red"}
    answer = put(alice, one, sections=sections)
    assert answer.status_code == 422 and answer.json["error"]["path"] == "/sections/0/colour"


def test_a_key_and_a_uid_are_for_life(alice: FlaskClient) -> None:
    one = opened(alice, "form", "repair_request")
    assert put(alice, one, key="other").json["error"]["code"] == "document.key_is_fixed"
    assert put(alice, one, uid="other").json["error"]["code"] == "document.uid_is_fixed"


def test_a_draft_with_errors_is_not_published_and_says_why(alice: FlaskClient) -> None:
    one = opened(alice, "workflow", "repair")
    revision = put(alice, one, edges=one["draft"]["edges"][1:]).json["revision"]
    answer = alice.post(f"{API}/documents/{one['id']}/publish", json={"revision": revision})
    assert answer.status_code == 422
    assert any(problem["nodes"] for problem in answer.json["problems"][one["id"]])
    assert known(alice, "workflow", "repair")["active"] == 1


def test_a_workflow_whose_story_fails_is_not_published(alice: FlaskClient) -> None:
    one = opened(alice, "workflow", "repair")
    stories = [{**one["draft"]["stories"][0], "then": {"status": "done"}}]
    revision = put(alice, one, stories=stories).json["revision"]
    answer = alice.post(f"{API}/documents/{one['id']}/publish", json={"revision": revision})
    assert answer.status_code == 422
    assert answer.json["problems"][one["id"]][0]["code"] == "check.story_fails"


def test_publishing_makes_a_version_that_never_changes_and_running_tickets_stay_on_theirs(
    cast: Cast, alice: FlaskClient
) -> None:
    ticket_id = cast.file()
    one = opened(alice, "workflow", "repair")
    nodes = [
        {**node, "title": {"zh-Hans": "改了名", "en": "Renamed"}} if node["uid"] == "diagnose" else node
        for node in one["draft"]["nodes"]
    ]
    revision = put(alice, one, nodes=nodes).json["revision"]
    answer = alice.post(f"{API}/documents/{one['id']}/publish", json={"revision": revision, "note": "改名"})
    assert answer.json["active"] == 2
    later = cast.file()
    frank = cast.sign_in("frank")
    assert "改了名" not in frank.get(f"/t/acme/tickets/{ticket_id}").text
    assert "改了名" in frank.get(f"/t/acme/tickets/{later}").text


def test_a_form_is_locked_until_its_workflow_is_published_again(cast: Cast, alice: FlaskClient) -> None:
    form = opened(alice, "form", "repair_request")
    sections = [dict(section) for section in form["draft"]["sections"]]
    sections[0] = {**sections[0], "title": {"zh-Hans": "全新的标题", "en": "Brand new"}}
    revision = put(alice, form, sections=sections).json["revision"]
    workflow = known(alice, "workflow", "repair")
    companions = alice.get(f"{API}/documents/{workflow['id']}/companions").json
    assert [one["key"] for one in companions] == ["repair_request"]
    alice.post(f"{API}/documents/{form['id']}/publish", json={"revision": revision})
    bob = cast.sign_in("bob")
    assert "全新的标题" not in bob.get("/t/acme/tickets/new/repair").text
    alice.post(f"{API}/documents/{workflow['id']}/publish", json={"revision": workflow["revision"]})
    assert "全新的标题" in bob.get("/t/acme/tickets/new/repair").text


def test_companions_are_published_together_or_not_at_all(alice: FlaskClient) -> None:
    form, workflow = opened(alice, "form", "repair_request"), opened(alice, "workflow", "repair")
    put(alice, form, sections=[])
    answer = alice.post(
        f"{API}/documents/{workflow['id']}/publish", json={"revision": workflow["revision"], "companions": [form["id"]]}
    )
    assert answer.status_code == 422
    assert (known(alice, "form", "repair_request")["active"], known(alice, "workflow", "repair")["active"]) == (1, 1)


def test_an_earlier_version_can_be_restored(alice: FlaskClient) -> None:
    one = opened(alice, "form", "repair_request")
    revision = put(alice, one, title={"zh-Hans": "二", "en": "Two"}).json["revision"]
    alice.post(f"{API}/documents/{one['id']}/publish", json={"revision": revision})
    answer = alice.post(f"{API}/documents/{one['id']}/restore", json={"revision": revision, "number": 1})
    assert answer.status_code == 200
    assert opened(alice, "form", "repair_request")["draft"] == one["draft"]


def test_a_version_has_a_name_and_a_note_and_says_how_many_tickets_run_on_it(cast: Cast, alice: FlaskClient) -> None:
    cast.file()
    workflow, form = known(alice, "workflow", "repair"), known(alice, "form", "repair_request")
    asked = {"revision": workflow["revision"], "name": " 双十一 ", "note": "多一道审批"}
    assert alice.post(f"{API}/documents/{workflow['id']}/publish", json=asked).json["active"] == 2
    cast.file()
    cast.file()
    newest = opened(alice, "workflow", "repair")["versions"][0]
    assert (newest["number"], newest["name"], newest["note"]) == (2, "双十一", "多一道审批")
    assert alice.get(f"{API}/documents/{workflow['id']}/running").json == {"1": 1, "2": 2}
    assert alice.get(f"{API}/documents/{form['id']}/running").json == {"1": 3}
    role = known(alice, "role", "channel_manager")
    assert alice.get(f"{API}/documents/{role['id']}/running").json == {}


def test_an_earlier_version_is_copied_to_be_modified(alice: FlaskClient) -> None:
    one = opened(alice, "form", "repair_request")
    put(alice, one, sections=[])
    title = {"zh-Hans": "副本", "en": "Copy"}
    made = alice.post(f"{API}/documents/{one['id']}/copy", json={"title": title, "number": 1}).json["id"]
    found = alice.get(f"{API}/documents/{made}").json["draft"]
    assert (found["title"], found["sections"]) == (title, one["draft"]["sections"])
    assert found["key"] != one["key"] and found["uid"] != one["draft"]["uid"]
    assert alice.post(f"{API}/documents/{one['id']}/copy", json={"title": title, "number": 7}).status_code == 404


def test_what_is_used_is_not_put_away_and_says_by_whom(alice: FlaskClient) -> None:
    form = known(alice, "form", "repair_request")
    answer = alice.delete(f"{API}/documents/{form['id']}")
    assert answer.status_code == 409 and "家电报修" in answer.json["error"]["message"]
    assert [one["key"] for one in alice.get(f"{API}/documents/{form['id']}/users").json] == ["repair"]


def test_new_documents_open_and_are_not_yet_publishable(cast: Cast, alice: FlaskClient) -> None:
    for kind in ("form", "entity", "workflow", "settlement", "role"):
        made = alice.post(f"{API}/documents", json={"kind": kind, "title": {"zh-Hans": "新", "en": "New"}})
        assert made.status_code == 201
        found = alice.get(f"{API}/documents/{made.json['id']}").json
        assert found["active"] is None and found["draft"]["kind"] == kind
    assert alice.post(f"{API}/documents", json={"kind": "virus", "title": {"en": "x"}}).status_code == 422


def test_a_sample_is_calculated_with_its_explanation(alice: FlaskClient) -> None:
    one = opened(alice, "settlement", "repair_fee")
    answer = alice.post(
        f"{API}/sample", json={"draft": one["draft"], "lines": [{"grade": "A", "product_line": "ac", "region": "440305"}]}
    )
    assert answer.status_code == 200
    assert answer.json["lines"][0]["amount"] == "144.00" and answer.json["lines"][0]["parts"]
    assert answer.json["statements"][0]["gross"] == "152.64"


def test_the_preview_is_the_servers_own_rendering(alice: FlaskClient) -> None:
    form = known(alice, "form", "repair_request")
    page = alice.get(f"/t/acme/builder/{form['id']}/preview")
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    assert 'name="f.contact_name"' in page.text
    paper = alice.get(f"/t/acme/builder/{form['id']}/preview?paper").text
    assert "paper-sheet" in paper and paper.count("……") > 10
    entity = known(alice, "entity", "customer")
    assert alice.get(f"/t/acme/builder/{entity['id']}/preview?paper").status_code == 200


def test_what_does_not_do_yet_is_previewed_as_a_plain_line(alice: FlaskClient) -> None:
    form = known(alice, "form", "repair_request")
    draft = opened(alice, "form", "repair_request")["draft"]
    region = next(one for part in draft["sections"] for one in part["fields"] if one["type"] == "region")
    region["config"] = {"levels": "many"}
    alice.put(f"{API}/documents/{form['id']}", json={"revision": form["revision"], "draft": draft})
    page = alice.get(f"/t/acme/builder/{form['id']}/preview")
    assert page.status_code == 200 and f'<input class="input" id="f-{region["key"]}"' in page.text


def test_bob_reads_no_drafts(cast: Cast, alice: FlaskClient) -> None:
    form = known(alice, "form", "repair_request")
    bob = cast.sign_in("bob")
    assert bob.get(f"{API}/documents/{form['id']}").status_code == 403
    assert bob.put(f"{API}/documents/{form['id']}", json={}).status_code == 403


def test_the_lock_names_the_versions_of_all_that_is_referred_to(cast: Cast) -> None:
    with cast.reading() as session:
        document = session.scalars(select(Document).where(Document.key == "repair")).one()
        version = session.scalars(select(Version).where(Version.document_id == document.id)).one()
        assert version.lock["form/repair_request"] == 1 and version.lock["settlement/repair_fee"] == 1
        assert version.lock["role/engineer"] == 1 and version.lock["entity/customer"] == 1


def test_a_published_form_is_what_staff_fill(cast: Cast) -> None:
    answer = cast.sign_in("bob").post("/t/acme/tickets/new/repair", data=fields(REPAIR))
    assert answer.status_code == 302


def test_what_is_drawn_is_listed_as_it_is_looked_for_workflows_first(alice: FlaskClient) -> None:
    page = alice.get("/t/acme/builder/").text
    keys = [page.index(f">{key}</span>") for key in ("repair", "repair_request", "customer", "around_the_clock", "engineer")]
    assert keys == sorted(keys)


def test_a_new_settlement_counts_days_as_the_company_does(cast: Cast) -> None:
    with cast.app.app_context(), transaction(None) as session:
        session.get_one(Tenant, cast.tenants["globex"]).zone = "Europe/Berlin"
    made = cast.sign_in("charlie").post("/t/globex/builder/new", data={"kind": "settlement", "title": "Bonus"})
    with cast.reading("globex") as session:
        document = session.get_one(Document, (cast.tenants["globex"], made.headers["Location"].rsplit("/", 1)[-1]))
        assert document.draft["zone"] == "Europe/Berlin"


def test_what_was_never_published_is_listed_as_a_draft(alice: FlaskClient) -> None:
    alice.post("/t/acme/builder/new", data={"kind": "calendar", "title": "never in force"})
    row = alice.get("/t/acme/builder/?q=never+in+force").text.partition("<tbody>")[2]
    assert "设计中" in row and "有未发布的修改" not in row

"""The shell: one shape of errors, reading with suspicion, cursors, idempotency, limits, CSRF, the document and its page."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from dougong.platform import once
from dougong.platform.store import TenantWall, in_one, transaction
from dougong.runtime.host import filing
from dougong.runtime.host.tables import Ticket
from tests.cast import Caller, Cast
from tests.stores import Template

REPAIR = {
    "workflow": "repair",
    "values": {
        "contact_name": "王芳", "phone": "13800138000", "address": {"region": "440305", "detail": "科技园"},
        "product_line": "ac", "fault_category": "no_cooling", "description": "不制冷",
    },
}  # fmt: skip


@pytest.fixture
def bob(cast: Cast) -> Caller:
    return cast.api(cast.token("bob"))


def tickets(cast: Cast) -> int:
    with cast.reading() as session:
        return len(session.scalars(select(Ticket.id)).all())


def shaped(answer: Any) -> dict[str, Any]:
    error: dict[str, Any] = answer.json["error"]
    assert set(answer.json) == {"error"}
    assert set(error) == {"code", "message", "path", "advice", "details"}
    assert all(set(one) == {"code", "path", "message", "advice"} for one in error["details"])
    assert "Traceback" not in answer.text and all(isinstance(error[name], str) for name in set(error) - {"details"})
    return error


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/tickets/0190a000-0000-7000-8000-000000000000", 404),
        ("GET", "/tickets/%00", 404),
        ("PUT", "/tickets", 405),
        ("GET", "/members", 403),
        ("POST", "/tickets", 415),
        ("GET", "/tickets?limit=101", 422),
        ("GET", "/tickets?limit=x", 422),
        ("GET", "/tickets?cursor=xyz", 422),
        ("GET", "/tickets?nonsense=1", 422),
        ("GET", "/tickets?q=%00", 422),
        ("GET", "/tickets?state=lost", 422),
        ("POST", "/tickets/x/retry/99999999999999999999", 404),
    ],
)
def test_every_error_has_one_shape(bob: Caller, method: str, path: str, status: int) -> None:
    answer = bob(method, path)
    assert answer.status_code == status, answer.text
    shaped(answer)


def test_a_method_that_is_not_there_says_which_are(bob: Caller) -> None:
    assert set(bob("PUT", "/tickets").headers["Allow"].split(", ")) >= {"GET", "POST"}


def test_the_language_is_that_of_the_caller(bob: Caller) -> None:
    chinese, english = (shaped(bob("GET", "/tickets?limit=101", headers={"Accept-Language": tag})) for tag in ("zh-CN", "en"))
    assert chinese["message"] == "有内容不符合要求" and english["message"] == "Something sent does not do"
    assert english["details"] == [
        {"code": "api.range", "path": "query/limit", "message": "This should be within 1 … 100", "advice": ""}
    ]


def test_a_fault_of_ours_shows_no_stack(template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quiet = Cast(template, tmp_path / "quiet", PROPAGATE_EXCEPTIONS=False)

    def broken(*asked: Any, **more: Any) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr("dougong.runtime.host.reading.filtered", broken)
    answer = quiet.api(quiet.token("bob"))("GET", "/tickets")
    quiet.leave()
    assert answer.status_code == 500 and "secret" not in answer.text
    shaped(answer)


@pytest.mark.parametrize(
    ("raw", "code", "status"),
    [
        (b"", "json.syntax", 400),
        (b"{", "json.syntax", 400),
        (b"\xff\xfe", "json.not_utf8", 400),
        (b'{"workflow": "repair", "workflow": "repair"}', "json.duplicate_key", 400),
        (b'{"workflow": NaN}', "json.inexact", 400),
        (b'{"workflow": 1e999}', "json.inexact", 400),
        (b'{"workflow": ' + b"[" * 5000 + b"]" * 5000 + b"}", "json.too_deep", 400),
        (b'{"workflow": ' + b"9" * 5000 + b"}", "json.number_too_large", 400),
        (b'{"workflow": "\\u0000"}', "json.control_character", 400),
        (b'{"workflow": "\\ud800"}', "json.control_character", 400),
        (b'{"workflow": "' + b"x" * 5_000_000 + b'"}', "api.413", 413),
        (b"[]", "api.422", 422),
        (b"null", "api.422", 422),
        (b'"x"', "api.422", 422),
    ],
    ids=lambda part: str(part)[:20],
)
def test_json_is_read_with_suspicion(cast: Cast, bob: Caller, raw: bytes, code: str, status: int) -> None:
    answer = bob("POST", "/tickets", data=raw, content_type="application/json")
    assert (answer.status_code, shaped(answer)["code"]) == (status, code)
    assert tickets(cast) == 0


def test_a_body_that_is_too_large_is_refused_with_the_limit(bob: Caller) -> None:
    answer = bob("POST", "/tickets", data=b"x" * 26_000_000, content_type="application/json", headers={"Accept-Language": "en"})
    assert answer.status_code == 413 and "25000000" in shaped(answer)["message"]


def test_fields_that_are_not_asked_for_are_refused(cast: Cast, bob: Caller) -> None:
    for more in ({"initiator": "person:x"}, {"tenant_id": cast.tenants["globex"]}, {"roles": ["tenant_admin"]}):
        answer = bob("POST", "/tickets", {**REPAIR, **more})
        assert answer.status_code == 422
        assert [one["code"] for one in shaped(answer)["details"]] == ["api.unknown_field"]
    assert tickets(cast) == 0


def test_a_list_is_read_to_its_end_by_cursors(cast: Cast, bob: Caller) -> None:
    for _ in range(5):
        assert bob("POST", "/tickets", REPAIR).status_code == 201
    seen, cursor, pages = [], "", 0
    while cursor is not None:
        found = bob("GET", f"/tickets?limit=2{cursor and '&cursor=' + cursor}").json
        seen += [one["number"] for one in found["items"]]
        cursor, pages = found["next"], pages + 1
        if pages == 1:
            bob("POST", "/tickets", REPAIR)  # what comes in meanwhile shifts nothing
    assert pages == 3 and len(seen) == len(set(seen)) == 5 and seen == sorted(seen, reverse=True)


def test_the_same_key_and_body_are_done_once(cast: Cast, bob: Caller) -> None:
    key = {"Idempotency-Key": "order-17"}
    first, second = (bob("POST", "/tickets", REPAIR, headers=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json == second.json and first.headers["Location"] == second.headers["Location"]
    assert "Idempotency-Replayed" not in first.headers and second.headers["Idempotency-Replayed"] == "true"
    assert tickets(cast) == 1


def test_the_same_key_with_another_body_is_refused(cast: Cast, bob: Caller) -> None:
    key = {"Idempotency-Key": "order-17"}
    bob("POST", "/tickets", REPAIR, headers=key)
    other = bob("POST", "/tickets", {**REPAIR, "values": {**REPAIR["values"], "description": "漏水"}}, headers=key)  # type: ignore[dict-item]
    assert (other.status_code, shaped(other)["code"]) == (422, "api.idempotency_reused")
    assert tickets(cast) == 1


def test_a_key_is_its_owners(cast: Cast, bob: Caller) -> None:
    key = {"Idempotency-Key": "order-17"}
    bob("POST", "/tickets", REPAIR, headers=key)
    assert "Idempotency-Replayed" not in cast.api(cast.token("frank"))("POST", "/tickets", REPAIR, headers=key).headers
    assert tickets(cast) == 2


def test_what_was_refused_may_be_put_right_under_its_key(cast: Cast, bob: Caller) -> None:
    key = {"Idempotency-Key": "order-17"}
    assert bob("POST", "/tickets", {"workflow": "repair", "values": {}}, headers=key).status_code == 422
    assert bob("POST", "/tickets", REPAIR, headers=key).status_code == 201


class Killed(BaseException):
    """The process ends here: nothing runs any more but what the database does by itself."""


@pytest.mark.parametrize("where", ["before the answer", "with the answer"])
def test_a_process_that_dies_has_done_all_or_nothing_and_the_key_does_it(
    cast: Cast, bob: Caller, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """The verb has written; the answer is not kept, or not sent."""
    key, kept = {"Idempotency-Key": "order-17"}, once._keep

    def dies(*asked: Any) -> None:
        if where == "with the answer":
            kept(*asked)
        raise Killed

    with monkeypatch.context() as meanwhile, pytest.raises(Killed):
        meanwhile.setattr(once, "_keep", dies)
        bob("POST", "/tickets", REPAIR, headers=key)
    assert tickets(cast) == 0
    first = bob("POST", "/tickets", REPAIR, headers=key)
    assert first.status_code == 201 and "Idempotency-Replayed" not in first.headers and tickets(cast) == 1
    assert bob("POST", "/tickets", REPAIR, headers=key).json == first.json and tickets(cast) == 1


def test_a_fault_of_ours_undoes_all_and_leaves_the_key_free(cast: Cast, bob: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever of several verbs has been done by then."""
    key, file = {"Idempotency-Key": "order-17"}, filing.file
    cast.app.config["PROPAGATE_EXCEPTIONS"] = False

    def twice(*asked: Any) -> Any:
        file(*asked)
        file(*asked)
        raise ZeroDivisionError

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(filing, "file", twice)
        assert bob("POST", "/tickets", REPAIR, headers=key).status_code == 500
    assert tickets(cast) == 0
    assert bob("POST", "/tickets", REPAIR, headers=key).status_code == 201 and tickets(cast) == 1


def test_a_request_with_a_key_reads_what_its_verb_wrote(cast: Cast, bob: Caller) -> None:
    """The task is claimed and told in one transaction."""
    ticket_id = bob("POST", "/tickets", REPAIR).json["ticket_id"]
    task, frank = cast.open_task(ticket_id, "diagnose"), cast.api(cast.token("frank"))
    asked = {"revision": task.revision}
    mine = frank("POST", f"/tasks/{task.id}/claim", asked, headers={"Idempotency-Key": "c"}).json
    assert mine["assignee_id"] == cast.member_id("frank") and mine["revision"] == task.revision + 1
    free = frank("POST", f"/tasks/{task.id}/release", {"revision": mine["revision"]}, headers={"Idempotency-Key": "r"}).json
    assert free["assignee_id"] is None
    again = frank("POST", f"/tasks/{task.id}/claim", asked, headers={"Idempotency-Key": "c"})
    assert again.json == mine and again.headers["Idempotency-Replayed"] == "true"


def test_a_request_with_a_key_stays_in_its_company(cast: Cast) -> None:
    acme, globex = cast.tenants["acme"], cast.tenants["globex"]
    with cast.app.app_context(), pytest.raises(TenantWall), in_one(acme, lambda: None), transaction(globex):
        raise AssertionError("it went in")


def test_of_many_at_once_with_one_key_one_is_done(cast: Cast, bob: Caller) -> None:
    answers: list[int] = []

    def call() -> None:
        caller = Caller(cast.app.test_client(), bob.headers["Authorization"].removeprefix("Bearer "), "acme")
        answers.append(caller("POST", "/tickets", REPAIR, headers={"Idempotency-Key": "once"}).status_code)

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [201] * 8
    assert tickets(cast) == 1


@pytest.mark.parametrize("key", ["", "x" * 101, "ä"])
def test_a_key_that_is_none_is_refused(cast: Cast, bob: Caller, key: str) -> None:
    answer = bob("POST", "/tickets", REPAIR, headers={"Idempotency-Key": key})
    assert (answer.status_code, shaped(answer)["details"][0]["code"]) == (422, "api.idempotency_key")


def test_the_rate_is_limited_by_token_and_told(template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from limits import parse

    from dougong.platform.rest import shell

    monkeypatch.setattr(shell, "RATE", parse("3/minute"))
    limited = Cast(template, tmp_path / "limited", RATELIMIT_ENABLED=True)
    bob, emma = limited.api(limited.token("bob")), limited.api(limited.token("emma"))
    answers = [bob("GET", "/me") for _ in range(4)]
    other = emma("GET", "/me")
    limited.leave()
    assert [one.status_code for one in answers] == [200, 200, 200, 429] and other.status_code == 200
    assert [one.headers["RateLimit-Remaining"] for one in answers] == ["2", "1", "0", "0"]
    assert answers[0].headers["RateLimit-Limit"] == "3" and 0 < int(answers[3].headers["Retry-After"]) <= 61
    shaped(answers[3])


def test_a_session_needs_the_forms_token_and_a_bearer_does_not(template: Template, tmp_path: Path) -> None:
    guarded = Cast(template, tmp_path / "guarded", WTF_CSRF_ENABLED=True)
    by_token = guarded.api(guarded.token("bob"))("POST", "/tickets", REPAIR)
    client = guarded.app.test_client()
    page = client.get("/sign-in").text
    csrf = page.split('name="csrf_token" value="')[1].split('"')[0]
    signed = client.post("/sign-in", data={"email": "bob@acme.example", "password": "dougong-demo", "csrf_token": csrf})
    assert signed.status_code == 302
    bare = client.post("/api/v1/t/acme/tickets", json=REPAIR)
    fresh = client.get("/t/acme/inbox").text.split('name="csrf-token" content="')[1].split('"')[0]
    with_token = client.post("/api/v1/t/acme/tickets", json=REPAIR, headers={"X-CSRFToken": fresh})
    read = client.get("/api/v1/t/acme/tickets")
    guarded.leave()
    assert (by_token.status_code, bare.status_code, with_token.status_code, read.status_code) == (201, 400, 201, 200)
    assert shaped(bare)["code"] == "error.csrf"


def test_without_a_token_or_session_one_is_told_so_and_not_led_to_a_page(cast: Cast) -> None:
    answer = cast.app.test_client().get("/api/v1/t/acme/tickets")
    assert answer.status_code == 401
    shaped(answer)


def test_the_document_describes_every_operation(cast: Cast) -> None:
    found = cast.app.test_client().get("/api/v1/openapi.json").json
    assert found["openapi"] == "3.1.0" and found["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    operations = {
        (method.upper(), path) for path, methods in found["paths"].items() for method in methods if method != "parameters"
    }
    routes = {
        (method, rule.rule)
        for rule in cast.app.url_map.iter_rules()
        if rule.endpoint.startswith("api_") and not rule.endpoint.startswith("api_docs")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert len(operations) == len(routes) > 20
    names = [one["operationId"] for methods in found["paths"].values() for m, one in methods.items() if m != "parameters"]
    assert len(names) == len(set(names))


def test_the_page_of_the_document_runs_no_script_of_its_own(cast: Cast) -> None:
    answer = cast.app.test_client().get("/api/v1/docs", headers={"Accept-Language": "en"})
    assert answer.status_code == 200 and "curl -X POST" in answer.text
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "<script>" not in answer.text and "onclick" not in answer.text and " style=" not in answer.text


def test_the_example_of_every_body_is_one_that_is_taken(cast: Cast) -> None:
    """An example in the document is no reason for a 400 or an unknown field."""
    from dougong.platform.rest.docs import example_of

    found = cast.app.test_client().get("/api/v1/openapi.json").json
    call = cast.api(cast.token("alice"))
    for path, methods in found["paths"].items():
        content = methods.get("post", {}).get("requestBody", {}).get("content", {}).get("application/json")
        if content:
            example = json.loads(json.dumps(example_of(found, content)))
            where = path.removeprefix("/api/v1/t/{tenant}").replace("{", "").replace("}", "")
            answer = call("POST", where, example)
            assert answer.status_code != 400, (path, answer.text)
            codes = [one["code"] for one in answer.json.get("error", {}).get("details", ())] if answer.is_json else []
            assert "api.required" not in codes and "api.invalid" not in codes, (path, example, answer.text)

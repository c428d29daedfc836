"""A tenant with one small process to measure on: a task that comes back as often as one wants, then an end."""

from pathlib import Path
from typing import Any

from flask import Flask

from dougong import create_app
from dougong.builder import documents
from dougong.commands.opening import migrate
from dougong.platform import accounts, people
from dougong.platform import documents as store
from dougong.platform.store import enter_tenant, transaction
from dougong.platform.tenancy import add_tenant
from dougong.runtime.canonical import content_hash

EMAIL, PASSWORD = "bench@bench.example", "bench-password"


class By:
    member_id, name = None, "bench"

    def __init__(self, tenant_id: str) -> None:
        self.tenant_id = tenant_id


def text(words: str) -> dict[str, str]:
    return {"zh-Hans": words, "en": words}


FORM: dict[str, Any] = {
    "format": 1, "uid": "form", "kind": "form", "key": "bench", "title": text("bench"),
    "sections": [{"uid": "s", "fields": [
        {"uid": "a", "key": "note", "type": "text", "title": text("note")},
        {"uid": "b", "key": "amount", "type": "money", "title": text("amount")},
        {"uid": "c", "key": "more", "type": "boolean", "title": text("more")},
    ]}],
}  # fmt: skip
MORE = {"combinator": "and", "rules": [{"field": "more", "operator": "is_true"}]}
WORKFLOW: dict[str, Any] = {
    "format": 1, "uid": "workflow", "kind": "workflow", "key": "bench", "title": text("bench"), "form": "bench",
    "nodes": [
        {"uid": "start", "type": "start", "title": text("start")},
        {
            "uid": "work", "type": "user_task", "title": text("work"),
            "config": {"who": {"by": "initiator"}, "rights": {"*": "write"}},
        },
        {"uid": "again", "type": "decide", "title": text("again")},
        {"uid": "end", "type": "end", "title": text("end")},
    ],
    "edges": [
        {"uid": "e1", "source": "start", "target": "work"},
        {"uid": "e2", "source": "work", "target": "again"},
        {"uid": "e3", "source": "again", "target": "work", "when": MORE},
        {"uid": "e4", "source": "again", "target": "end", "default": True},
    ],
}  # fmt: skip


def set_up(home: Path, **config: Any) -> tuple[Flask, str]:
    """The application on an empty database, and the id of its one tenant, with one person and one published workflow."""
    app = create_app({"HOME": home, "RATELIMIT_ENABLED": False, **config})
    with app.app_context():
        migrate()
        with transaction(None) as session:
            tenant_id = add_tenant(session, "bench", text("bench")).id
            account_id = accounts.add_account(session, EMAIL, "bench", PASSWORD).id
        with transaction(tenant_id) as session:
            people.add_member(session, account_id, "bench", EMAIL, ["tenant_admin", "designer", "staff"])
        publish(tenant_id, FORM, WORKFLOW)
    return app, tenant_id


def publish(tenant_id: str, *bodies: dict[str, Any]) -> list[str]:
    """The ids of the documents."""
    return _made(tenant_id, bodies, published=True)


def draft(tenant_id: str, *bodies: dict[str, Any]) -> list[str]:
    """The ids of documents that are only drawn."""
    return _made(tenant_id, bodies, published=False)


def _made(tenant_id: str, bodies: tuple[dict[str, Any], ...], *, published: bool) -> list[str]:
    enter_tenant(tenant_id)
    by = By(tenant_id)
    with transaction(tenant_id) as session:
        made = [store.create(session, by, body, content_hash(body)) for body in bodies]
        if published:
            documents.publish_all(session, by, made)
        return [document.id for document in made]

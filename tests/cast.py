"""The cast of the tests: alice designs at Acme, bob works there, charlie is at Globex and must see nothing of Acme.

The demo tenants are made once a session and copied for every test, so that each begins with the same database.
"""

import re
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from flask import Flask, session
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import event, select
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from dougong import create_app, demo
from dougong.commands.opening import migrate
from dougong.platform import accounts, issuing, sessions
from dougong.platform.access import RIGHTS, Who
from dougong.platform.people import Member, roles_of
from dougong.platform.store import db, enter_tenant
from dougong.platform.tenancy import by_slug
from dougong.platform.web import limiter
from dougong.runtime.host import definitions
from dougong.runtime.host.tables import Task
from tests.stores import Template

CONFIG = {"TESTING": True, "WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": False, "PROPAGATE_EXCEPTIONS": True}
REPAIR = {
    "contact_name": "王芳", "phone": "13800138000", "address.1": "44", "address.2": "4403", "address.3": "440305",
    "product_line": "ac", "fault_category": "no_cooling", "description": "不制冷",
}  # fmt: skip


def make_home(template: Template) -> Template:
    """Fill it with the demo tenants."""
    app = create_app({**CONFIG, **template.config})
    with app.app_context():
        migrate()
        demo.load(tickets=False)
    close(app)
    return template


def close(app: Flask) -> None:
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


_builders: dict[Any, Any] = {}
_compile_builder = Rule._compile_builder


def _remembered(rule: Rule, append_unknown: bool = True) -> Any:
    """How an address is built from a rule, compiled once for all applications of the tests: most of a start goes there."""
    key = (rule.rule, tuple(rule._trace), str(rule.defaults), append_unknown)
    if key not in _builders:
        _builders[key] = _compile_builder(rule, append_unknown)
    return _builders[key]


Rule._compile_builder = _remembered  # type: ignore[method-assign]


class Compiled(BytecodeCache):
    """The templates, compiled once for all the applications of the tests."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self.kept.get(bucket.key):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()
STATEMENTS: LRUCache[Any, Any] = LRUCache(4_000)


def built(config: dict[str, Any]) -> Flask:
    app = create_app(config)
    app.jinja_env.bytecode_cache = COMPILED
    with app.app_context():
        for engine in db.engines.values():
            engine._compiled_cache = STATEMENTS  # each is written once for all applications of the tests: a third of a request
            if engine.dialect.name == "sqlite":
                event.listen(engine, "connect", _swift)
    return app


def _swift(connection: Any, record: Any) -> None:
    """What a machine that loses its power would lose is no concern of the tests."""
    connection.execute("PRAGMA synchronous=OFF")


for _dialect in (PGDialect_psycopg, SQLiteDialect_pysqlite):  # of one kind is of one kind: it leads the key of what is written
    _dialect.__eq__ = lambda one, other: type(one) is type(other)  # type: ignore[method-assign]
    _dialect.__hash__ = lambda one: hash(type(one))  # type: ignore[method-assign]


class Cast:
    """The application with its people."""

    def __init__(self, template: Template, home: Path, **config: Any) -> None:
        self.place = template.copied(home)
        definitions.forget()
        self.home = home
        self.app = self._application({**CONFIG, **self.place.config, **config})
        with self.app.app_context():
            self.tenants = {slug: tenant.id for slug in ("acme", "globex") if (tenant := by_slug(slug))}

    def _application(self, config: dict[str, Any]) -> Flask:
        return built(config)

    def environment(self) -> dict[str, str]:
        """What the command line is told to find this place."""
        return {f"DOUGONG_{name}" if name == "HOME" else name: str(value) for name, value in self.place.config.items()}

    def leave(self) -> None:
        """Whoever holds a connection, or takes one afterwards, is found here and not when it is collected in another's test."""
        with self.app.app_context():
            pools = [engine.pool for engine in db.engines.values()]
            assert [pool.checkedout() for pool in pools if isinstance(pool, QueuePool)] == [0, 0], "a connection is still out"
        close(self.app)
        self.place.removed()
        with self.app.app_context():
            pools = [engine.pool for engine in db.engines.values()]
            assert [pool.checkedin() for pool in pools if isinstance(pool, QueuePool)] == [0, 0], "somebody goes on working"

    def sign_in(self, name: str) -> FlaskClient:
        """A browser in which that person is signed in: "bob", "charlie". His session begins without the page."""
        client = self.app.test_client()
        with self.app.test_request_context():
            account = accounts.by_email(address_of(name))
            assert account is not None
            sessions.begin(account.id)
            carried = dict(session)
        with client.session_transaction() as cookie:
            cookie.update(carried)
        return client

    def enter(self, name: str) -> FlaskClient:
        """The same, through the page."""
        client = self.app.test_client()
        answer = client.post("/sign-in", data={"email": address_of(name), "password": demo.PASSWORD})
        assert answer.status_code == 302, answer.text
        return client

    def token(self, name: str, *scopes: str, slug: str = "acme") -> str:
        """The secret of a personal token, by default with all that its member may."""
        member_id = self.member_id(name, slug)
        with self.reading(slug) as session:
            who = Who("", member_id, name, self.tenants[slug], roles=roles_of(session, member_id))
            return issuing.make_personal(who, "test", scopes or [right for right in RIGHTS if who.may(right)], 1)[1]

    def service(self, *roles: str, scopes: Collection[str] = tuple(RIGHTS), slug: str = "acme") -> str:
        """The secret of a service token of the tenant."""
        with self.reading(slug):
            who = Who("", self.member_id("alice" if slug == "acme" else "charlie", slug), "alice", self.tenants[slug])
            return issuing.make_service(who, "robot", scopes, 1, roles)[1]

    def api(self, secret: str, slug: str = "acme") -> "Caller":
        return Caller(self.app.test_client(), secret, slug)

    @contextmanager
    def reading(self, slug: str = "acme") -> Iterator[Session]:
        """A look into a tenant's tables."""
        with self.app.app_context():
            enter_tenant(self.tenants[slug])
            yield db.session()

    def member_id(self, name: str, slug: str = "acme") -> str:
        with self.reading(slug) as session:
            return session.scalars(select(Member.id).where(Member.email.startswith(f"{name}@"))).one()

    def file(self, name: str = "bob", workflow: str = "repair", **values: Any) -> str:
        """File a ticket over the page. Answers its id."""
        answer = self.sign_in(name).post(f"/t/acme/tickets/new/{workflow}", data=fields({**REPAIR, **values}))
        assert answer.status_code == 302, errors(answer.text)
        return str(answer.headers["Location"]).rsplit("/", 1)[1]

    def open_task(self, ticket_id: str, node: str) -> Task:
        with self.reading() as session:
            wanted = select(Task).where(Task.ticket_id == ticket_id, Task.node == node, Task.state == "open")
            found = session.scalars(wanted).one()
            session.expunge(found)
            return found

    def waiting(self, ticket_id: str) -> list[str]:
        with self.reading() as session:
            return sorted(session.scalars(select(Task.node).where(Task.ticket_id == ticket_id, Task.state == "open")))

    def work(self, name: str, ticket_id: str, node: str, **values: Any) -> None:
        """Do a task over the page."""
        task = self.open_task(ticket_id, node)
        data = {"revision": task.revision, **fields(values)}
        answer = self.sign_in(name).post(f"/t/acme/tasks/{task.id}", data=data)
        assert answer.status_code == 302, (answer.status_code, errors(answer.text))


class Built:
    """An application, and what of it a test may have changed, as it was built."""

    def __init__(self, app: Flask) -> None:
        self.app, self.rules = app, len(app.url_map._rules)
        self.config, self.extensions = dict(app.config), dict(app.extensions)

    def again(self) -> Flask:
        for now, then in ((self.app.config, self.config), (self.app.extensions, self.extensions)):
            now.clear()
            now.update(then)
        limiter.enabled = self.config["RATELIMIT_ENABLED"]  # it is one for all applications
        return self.app


class Standing(Cast):
    """The cast where many tests play, one after another, with one application: building one takes longer than most pages.

    What is in the place is new for each. The application is given on as it was built, and only by a test that has left it.
    """

    _left: ClassVar[dict[str, "Built"]] = {}

    def __init__(self, template: Template) -> None:
        home = template.home.with_name(f"{template.home.name}-standing")
        shutil.rmtree(home, ignore_errors=True)
        super().__init__(template, home)

    def _application(self, config: dict[str, Any]) -> Flask:
        self._key = repr(config)
        self._built = self._left.pop(self._key, None) or Built(built(config))
        return self._built.again()

    def leave(self) -> None:
        super().leave()
        assert len(self.app.url_map._rules) == self._built.rules, "who adds to the application asks for `alone`"
        self._left[self._key] = self._built


def address_of(name: str) -> str:
    return next(one["email"] for one in demo.ACCOUNTS if one["email"].startswith(f"{name}@"))


class Caller:
    """A program that calls the API of a tenant with a token."""

    def __init__(self, client: FlaskClient, secret: str, slug: str) -> None:
        self.client, self.slug = client, slug
        self.headers = {"Authorization": f"Bearer {secret}"}

    def __call__(self, method: str, path: str, body: Any = None, headers: Any = (), **more: Any) -> TestResponse:
        """`path` within the tenant: "/tickets"."""
        given = {"json": body} if body is not None else {}
        return self.client.open(
            f"/api/v1/t/{self.slug}{path}",
            method=method,
            headers={**self.headers, **dict(headers)},
            buffered=True,
            **given,
            **more,
        )


def fields(values: dict[str, Any]) -> dict[str, Any]:
    """As a browser names the fields of a form."""
    return {f"f.{key}": value for key, value in values.items()}


def errors(page: str, tag: str = "p") -> list[str]:
    return [text.strip() for text in re.findall(rf'class="error"[^>]*>.*?</svg>(.*?)</{tag}>', page, re.DOTALL)]


def words(page: str) -> str:
    """A page without its tokens, which change from second to second."""
    return re.sub(r'csrf[-_]token"[^>]*|form_key"[^>]*', "", page)

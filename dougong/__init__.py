"""Dougong (斗拱): a multi-tenant low-code platform with a visual workflow builder."""

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Flask

if TYPE_CHECKING:
    from .platform.rest.shell import Room

VERSION = "0.1.0"


def create_app(config: dict[str, Any] | None = None) -> Flask:
    """The web application. `config`: HOME (the data folder), DATABASE_URL, what `platform/environment.py` lists, TESTING and
    whatever Flask knows. Where it is silent the environment speaks.

    With `__main__.py` the only place that sees every room of the house.
    """
    from .platform import access, cipher, environment, logs, metrics, oidc, storage, store, web
    from .platform.rest import shell
    from .runtime.canonical import parse
    from .runtime.host import schedules
    from .runtime.reason import Refused

    pages, doors = _pages(), _doors()  # with them come all tables, which the walls must know
    app = Flask(__name__, static_folder="static", static_url_path="/static")
    app.config.from_mapping(config or {})
    environment.init_environment(app)
    app.config["SECRET_KEY"] = app.config["SECRET_KEY"] or web.home_secret(app.config["HOME"])
    cipher.init_cipher(app)
    oidc.init_oidc(app)
    storage.init_storage(app)
    store.init_store(app, app.config["DATABASE_URL"])
    logs.init_logs(app)
    metrics.init_metrics(app)
    web.init_web(app)
    access.init_access(app)
    schedules.init_schedules()
    for one in pages:
        app.register_blueprint(one)
    shell.init_rest(app, doors, parse, Refused)
    return app


def _pages() -> list[Blueprint]:
    """What people see, and what the island asks."""
    from .builder import bpmn_pages, packs_pages, translations
    from .builder import pages as builder_pages
    from .builder.api import api
    from .platform.front import front
    from .platform.health import health
    from .platform.rest import docs
    from .platform.settings import settings, tokens
    from .runtime.host.pages import (
        absences,
        batches,
        board,
        bulk,
        effects,
        exports,
        figures,
        filling,
        hook,
        inbox,
        intake,
        migrations,
        partner,
        public,
        record_imports,
        records,
        scopes,
        settlement,
        tickets,
        trying,
        verbs,
        webhooks,
    )  # fmt: skip

    everywhere = [health, front, settings, tokens.mine, docs.docs]
    drawing = [api, builder_pages.pages, translations.translations, bpmn_pages.bpmn, packs_pages.packs]
    running = (
        inbox, tickets, filling, board, figures, bulk, records, record_imports, settlement, batches, intake, trying, partner,
        public, exports, webhooks, hook, effects, scopes, verbs, absences, migrations,
    )  # fmt: skip
    return [*everywhere, *drawing, *(one.pages for one in running)]


def _doors() -> "list[Room]":
    """The API, in the order in which its document tells it."""
    from .builder.rest import definitions, packs
    from .platform.rest import people
    from .runtime.host.rest import absences, batches, bulk, intake, lines, messages, records, settlement, tasks, tickets, trying

    doors = (
        tickets, bulk, tasks, absences, messages, records, settlement, batches, lines, intake, trying,
        definitions, packs, people,
    )  # fmt: skip
    return [one.room for one in doors]

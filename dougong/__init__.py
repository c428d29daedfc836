"""Dougong (斗拱): a multi-tenant low-code platform with a visual workflow builder."""

from typing import Any

from flask import Flask

VERSION = "0.1.0"


def create_app(config: dict[str, Any] | None = None) -> Flask:
    """The web application. `config`: HOME (the data folder), DATABASE_URL, what `platform/environment.py` lists, TESTING and
    whatever Flask knows. Where it is silent the environment speaks.

    With `__main__.py` the only place that sees every room of the house.
    """
    from .builder.api import api as builder_api
    from .builder.bpmn_pages import bpmn
    from .builder.packs_pages import packs
    from .builder.pages import pages as builder_pages
    from .builder.rest import definitions as rest_definitions
    from .builder.rest import packs as rest_packs
    from .builder.translations import translations
    from .platform import access, cipher, environment, logs, metrics, oidc, storage, store, web
    from .platform.front import front
    from .platform.health import health
    from .platform.rest import docs, people, shell
    from .platform.settings import settings, tokens
    from .runtime.canonical import parse
    from .runtime.host import schedules
    from .runtime.host.pages import (
        absences,
        batches,
        board,
        bulk,
        effects,
        exports,
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
    )
    from .runtime.host.rest import batches as rest_batches
    from .runtime.host.rest import bulk as rest_bulk
    from .runtime.host.rest import intake as rest_intake
    from .runtime.host.rest import lines as rest_lines
    from .runtime.host.rest import messages as rest_messages
    from .runtime.host.rest import records as rest_records
    from .runtime.host.rest import settlement as rest_settlement
    from .runtime.host.rest import tasks as rest_tasks
    from .runtime.host.rest import tickets as rest_tickets
    from .runtime.host.rest import trying as rest_trying
    from .runtime.reason import Refused

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
    rooms = (health, front, settings, tokens.mine, docs.docs, builder_api, builder_pages, translations, bpmn, packs)
    pages = (
        inbox,
        tickets,
        board,
        bulk,
        records,
        record_imports,
        settlement,
        batches,
        intake,
        trying,
        partner,
        public,
        exports,
        webhooks,
        hook,
        effects,
        scopes,
        verbs,
        absences,
        migrations,
    )
    for blueprint in (*rooms, *(room.pages for room in pages)):
        app.register_blueprint(blueprint)
    rest = (
        rest_tickets,
        rest_bulk,
        rest_tasks,
        rest_messages,
        rest_records,
        rest_settlement,
        rest_batches,
        rest_lines,
        rest_intake,
        rest_trying,
        rest_definitions,
        rest_packs,
        people,
    )
    shell.init_rest(app, [one.room for one in rest], parse, Refused)
    return app

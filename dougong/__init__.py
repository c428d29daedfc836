"""Dougong (斗拱): a multi-tenant low-code platform with a visual workflow builder."""

import os
from pathlib import Path
from typing import Any

from flask import Flask

VERSION = "0.1.0"


def create_app(config: dict[str, Any] | None = None) -> Flask:
    """The web application. `config`: HOME (the data folder), DATABASE_URL, DATABASE_OWNER_URL, HTTPS, OUTBOUND_ALLOW (hosts
    and networks beyond the public internet that may be called), TAKE_OVER_SECONDS (after which a silent worker counts as dead),
    TESTING and whatever Flask knows.

    With `__main__.py` the only place that sees every room of the house.
    """
    from .builder.api import api as builder_api
    from .builder.bpmn_pages import bpmn
    from .builder.packs_pages import packs
    from .builder.pages import pages as builder_pages
    from .builder.rest import definitions as rest_definitions
    from .builder.rest import packs as rest_packs
    from .builder.translations import translations
    from .platform import access, cipher, logs, metrics, oidc, storage, store, web
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
    home = Path(app.config.setdefault("HOME", os.environ.get("DOUGONG_HOME", "data"))).absolute()
    home.mkdir(parents=True, exist_ok=True)
    app.config["HOME"] = home
    app.config.setdefault("HTTPS", os.environ.get("DOUGONG_HTTPS") == "1")
    app.config["SECRET_KEY"] = app.config["SECRET_KEY"] or web.home_secret(home)
    app.config.setdefault("DATABASE_URL", os.environ.get("DATABASE_URL") or f"sqlite:///{home / 'dougong.db'}")
    app.config.setdefault("DATABASE_OWNER_URL", os.environ.get("DATABASE_OWNER_URL"))
    app.config.setdefault("PUBLIC_URL", os.environ.get("DOUGONG_PUBLIC_URL") or "http://127.0.0.1:8000")
    app.config.setdefault("MAIL", os.environ.get("DOUGONG_MAIL", ""))
    app.config.setdefault("MAIL_FROM", os.environ.get("DOUGONG_MAIL_FROM", "Dougong <dougong@localhost>"))
    app.config.setdefault("TAKE_OVER_SECONDS", int(os.environ.get("DOUGONG_TAKE_OVER") or 60))
    app.config.setdefault("SESSION_IDLE_HOURS", float(os.environ.get("DOUGONG_SESSION_IDLE_HOURS") or 12))
    app.config.setdefault("SESSION_LIFE_HOURS", float(os.environ.get("DOUGONG_SESSION_LIFE_HOURS") or 7 * 24))
    app.config.setdefault("METRICS_TOKEN", os.environ.get("METRICS_TOKEN", ""))
    app.config.setdefault("PROXY_HOPS", int(os.environ.get("DOUGONG_PROXY_HOPS") or 0))
    cipher.init_cipher(app)
    oidc.init_oidc(app)
    app.config.setdefault("FILES_URL", os.environ.get("DOUGONG_FILES_URL", ""))
    app.config.setdefault("FILES_KEY", os.environ.get("DOUGONG_FILES_KEY", ""))
    app.config.setdefault("FILES_SECRET", os.environ.get("DOUGONG_FILES_SECRET", ""))
    app.config.setdefault("FILES_MOST", int(os.environ.get("DOUGONG_FILES_MOST") or 50_000_000_000))  # bytes of a tenant
    storage.init_storage(app)
    app.config.setdefault("OUTBOUND_ALLOW", os.environ.get("DOUGONG_OUTBOUND_ALLOW", ""))
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

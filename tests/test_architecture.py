"""The rooms of the house and what each may import, kept by a test instead of by memory."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "dougong"
WEB_AND_STORE = {
    "flask",
    "flask_sqlalchemy",
    "flask_migrate",
    "flask_wtf",
    "flask_limiter",
    "htmx_flask",
    "werkzeug",
    "sqlalchemy",
    "alembic",
    "dbos",
}
CLOCKS_AND_CHANCE = {
    "time",
    "uuid",
    "random",
    "secrets",
    "os",
    "socket",
    "subprocess",
    "threading",
    "requests",
    "urllib",
    "http",
}
PURE_BUILDER = {
    "checks",
    "simulate",
    "made_up",
    "offering",
    "walking",
    "samples",
    "trials",
    "vocabulary",
    "settlement_settings",
    "packs",
    "bpmn",
}

# Module: what it must never import, and why, in the folder's own words. The longest prefix that fits counts.
NEVER: dict[str, tuple[set[str], str]] = {
    "dougong.runtime": (
        WEB_AND_STORE | CLOCKS_AND_CHANCE | {"dougong.platform", "dougong.builder", "dougong.runtime.host"},
        "Nothing here reads a clock, a database, a request or a random number",
    ),
    "dougong.runtime.settlement.batch": (
        WEB_AND_STORE | CLOCKS_AND_CHANCE | {"dougong.platform", "dougong.builder", "dougong.runtime.host"},
        "It reads the files that it is handed, in an engine that reaches nothing else",
    ),
    "dougong.runtime.host": ({"dougong.builder"}, "Builder and host never import each other: they meet in versioned documents"),
    "dougong.builder": ({"dougong.runtime.host"}, "Builder and host never import each other: they meet in versioned documents"),
    **{
        f"dougong.builder.{name}": (WEB_AND_STORE | CLOCKS_AND_CHANCE | {"dougong.platform", "dougong.runtime.host"}, "Pure")
        for name in PURE_BUILDER
    },
    "dougong.platform": ({"dougong.builder", "dougong.runtime"}, "The platform knows neither what is drawn nor how it runs"),
    "dougong.schemas": (
        WEB_AND_STORE | CLOCKS_AND_CHANCE | {"dougong.platform", "dougong.builder", "dougong.runtime"},
        "The contract",
    ),
}
# The two doors, and the demo tenants: the command line fills them through the same verbs that people use.
SEES_EVERY_ROOM = {"dougong", "dougong.commands.on_files", "dougong.demo"}
ROOMS = ("dougong.platform", "dougong.builder", "dougong.runtime.host")


def modules() -> Iterator[tuple[Path, str]]:
    for path in sorted(ROOT.rglob("*.py")):
        if "node_modules" not in path.parts:
            yield path, ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")


def imports(source: str, module: str, *, package: bool) -> Iterator[str]:
    """Every name that is imported, wherever in the file: at its head, in a function, for types only."""
    base = module if package else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = base.rsplit(".", node.level - 1)[0] if node.level > 1 else base if node.level else ""
            found = ".".join(filter(None, [above, node.module]))
            yield found
            yield from (f"{found}.{alias.name}" for alias in node.names)


def lies_in(name: str, room: str) -> bool:
    return f"{name}.".startswith(f"{room}.")


def rule_of(module: str) -> tuple[set[str], str]:
    rule = max((room for room in NEVER if lies_in(module, room)), key=len, default="")
    return NEVER.get(rule, (set(), ""))


def trespasses(source: str, module: str, *, package: bool = False) -> list[str]:
    banned, _ = rule_of(module)
    return sorted({name for name in imports(source, module, package=package) if any(lies_in(name, room) for room in banned)})


@pytest.mark.parametrize(("path", "module"), [*modules()], ids=lambda part: part if isinstance(part, str) else "")
def test_a_module_imports_only_what_its_room_may(path, module):
    found = trespasses(path.read_text("utf-8"), module, package=path.name == "__init__.py")
    assert not found, f"{module} must not import {found}: {rule_of(module)[1]}"


def test_only_the_doors_see_every_room():
    seeing = {
        module
        for path, module in modules()
        if sum(
            any(lies_in(name, room) for name in imports(path.read_text("utf-8"), module, package=path.name == "__init__.py"))
            for room in ROOMS
        )
        == len(ROOMS)
    }
    assert seeing <= SEES_EVERY_ROOM


def test_only_the_batch_has_the_engine_and_the_runtime_does_without_it():
    """A ticket is settled without DuckDB: it is there for files, and for who asks for it by name."""
    found = {
        module
        for path, module in modules()
        for name in imports(path.read_text("utf-8"), module, package=path.name == "__init__.py")
        if lies_in(name, "duckdb")
    }
    batch = "dougong.runtime.settlement.batch"
    assert found and all(lies_in(module, batch) for module in found)
    assert not importers(batch, "dougong.runtime", but="dougong.runtime.host")


def test_nothing_that_runs_a_ticket_imports_the_checks():
    assert importers("dougong.runtime.checks", "dougong.builder")
    assert not importers("dougong.runtime.checks", "dougong.runtime")


def importers(room: str, of: str, but: str = " ") -> set[str]:
    """The modules of another room that import something of this one."""
    return {
        module
        for path, module in modules()
        if lies_in(module, of) and not lies_in(module, room) and not lies_in(module, but)
        if any(lies_in(name, room) for name in imports(path.read_text("utf-8"), module, package=path.name == "__init__.py"))
    }


CALLS = {"requests", "httpx", "httpcore", "urllib3", "urllib.request", "http.client", "smtplib", "socket", "aiohttp", "apprise"}
# Who may reach the network: the door, what speaks through it, the operator's own mail server, and the port that is served on.
REACH_OUT = {
    "dougong.platform.outbound", "dougong.platform.bots", "dougong.platform.tenant_mail", "dougong.platform.mail",
    "dougong.commands.serving",
}  # fmt: skip


def test_every_call_to_the_world_goes_through_the_door():
    callers = {
        module
        for path, module in modules()
        for name in imports(path.read_text("utf-8"), module, package=path.name == "__init__.py")
        if any(lies_in(name, library) for library in CALLS)
    }
    assert callers == REACH_OUT


def test_every_rule_has_a_module_to_keep_it():
    known = [module for _, module in modules()]
    assert [room for room in NEVER if not any(lies_in(module, room) for module in known)] == []


@pytest.mark.parametrize(
    ("module", "source", "found"),
    [
        ("dougong.runtime.rules", "import time", ["time"]),
        ("dougong.runtime.rules", "def f():\n    from os import environ", ["os", "os.environ"]),
        ("dougong.runtime.rules", "from sqlalchemy.orm import Session", ["sqlalchemy.orm", "sqlalchemy.orm.Session"]),
        ("dougong.runtime.rules", "from .host import tasks", ["dougong.runtime.host", "dougong.runtime.host.tasks"]),
        (
            "dougong.runtime.nodes.end",
            "from ..host.tasks import file",
            ["dougong.runtime.host.tasks", "dougong.runtime.host.tasks.file"],
        ),
        ("dougong.runtime.rules", "from datetime import datetime\nfrom .values import missing", []),
        ("dougong.runtime.host.tasks", "import os, sqlalchemy\nfrom dougong.platform.store import db", []),
        ("dougong.runtime.host.tasks", "from dougong.builder import checks", ["dougong.builder", "dougong.builder.checks"]),
        ("dougong.builder.pages", "from dougong.runtime import host", ["dougong.runtime.host"]),
        ("dougong.builder.pages", "import flask\nfrom dougong.platform import web", []),
        ("dougong.builder.checks", "import flask", ["flask"]),
        ("dougong.builder.checks_of_mine", "import flask", []),
        ("dougong.platform.store", "from dougong import runtime", ["dougong.runtime"]),
        ("dougong.platform.store", "import platform", []),
    ],
)
def test_the_guard_sees_what_is_planted(module, source, found):
    assert trespasses(source, module) == found


def test_the_guard_reads_relative_imports_of_a_package():
    assert trespasses("from .host import tasks", "dougong.runtime", package=True) == [
        "dougong.runtime.host",
        "dougong.runtime.host.tasks",
    ]

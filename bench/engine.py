"""The engine: flat in nodes, width and turns; and a persisted step beside SpiffWorkflow's, the same scenario. CPU.

The scenario: register, decide, approve where the amount is large, three tasks at once, close. Both load the case from SQLite,
take the step, and save it there, each in the way it does by default.
"""

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import select

from dougong.platform.store import db, enter_tenant
from dougong.runtime import interpreter
from dougong.runtime.case import Case, Token
from dougong.runtime.definition import Definition
from dougong.runtime.host import definitions, filing, tasks
from dougong.runtime.host.tables import Task
from dougong.runtime.host.verbs import Done
from dougong.runtime.world import World

from ._figure import Figure, cpu_ms, interleaved
from ._scene import FORM, publish, set_up, text
from .step import _actor

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
FLAT = 1.5
AGAINST_SPIFF = 0.7  # of this stage, so that it gets no worse; the engine is to come down to a twentieth
Once = Callable[[], None]


def figures() -> Iterator[Figure]:
    few, many = interleaved(lambda: cpu_ms(_along(10), 200), lambda: cpu_ms(_along(1_000), 200))
    yield Figure("step in a workflow of 1,000 nodes / of 10 (CPU, interpreter)", many, "ms", few, FLAT)
    few, many = interleaved(lambda: cpu_ms(_into_join(10), 200), lambda: cpu_ms(_into_join(1_000), 200))
    yield Figure("step into a join of 1,000 branches / of 10 (CPU, interpreter)", many, "ms", few, FLAT)
    first, late = _turns()
    yield Figure("turn 5,000 of a loop / turn 1 (CPU, interpreter, 100 turns each)", late, "ms", first, FLAT)
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = interleaved(_ours(Path(folder)), _spiff(Path(folder)), rounds=5)
    yield Figure("persisted step / SpiffWorkflow 3.2's, register to close (CPU, SQLite)", ours, "ms", theirs, AGAINST_SPIFF)


def _node(uid: str, type: str = "user_task", **config: Any) -> dict[str, Any]:
    given = {"who": {"by": "initiator"}, "rights": {"*": "write"}} if type == "user_task" else {}
    return {"uid": uid, "type": type, "title": text(uid), "config": {**given, **config}}


def _workflow(nodes: list[dict[str, Any]], ways: list[tuple[str, str]], **more: Any) -> dict[str, Any]:
    edges = [{"uid": f"{one}_{other}", "source": one, "target": other} for one, other in ways]
    head = {"format": 2, "uid": "w", "kind": "workflow", "key": "engine", "title": text("engine"), "form": "bench"}
    return {**head, "nodes": nodes, "edges": edges, **more}


def _world() -> World:
    return World(NOW, lambda question: {"principals": ["person:a"], "nobody": False}, "person:a")


def _slim(case: Case, acting: Token) -> Callable[[], Case]:
    """As the host has it: the token that acts is loaded, the others are fetched when they are asked for."""
    by_node: dict[str, list[Token]] = {}
    for token in case.tokens.values():
        by_node.setdefault(token.node, []).append(token)

    def fetch(**where: Any) -> list[Token]:
        return by_node.get(where["node"], [])

    return lambda: Case(case.workflow, case.version, {}, {acting.id: acting}, case.last_token, case.live, fetch=fetch)


def _along(count: int) -> Once:
    """One step in the middle of a chain of so many tasks."""
    names = [f"t{index}" for index in range(count)]
    nodes = [_node("start", "start"), *(_node(one) for one in names), _node("end", "end")]
    order = ["start", *names, "end"]
    definition = Definition.from_json(_workflow(nodes, list(pairwise(order))), [FORM])
    token = Token(1, names[count // 2], state="waiting", signal="submitted")
    case = Case("engine", 0, {}, {1: token}, 1, 1)
    return lambda: _step(definition, case, 1)


def _into_join(width: int) -> Once:
    """One branch of so many comes in while half of them are there."""
    names = [f"t{index}" for index in range(width)]
    nodes = [_node("start", "start"), _node("f", "fork"), *map(_node, names), _node("j", "join"), _node("end", "end")]
    ways = [("start", "f"), *(("f", one) for one in names), *((one, "j") for one in names), ("j", "end")]
    definition = Definition.from_json(_workflow(nodes, ways), [FORM])
    case = interpreter.start(definition, {}, _world()).case
    for token in [one for one in case.tokens.values() if one.node in names][: width // 2]:
        case = interpreter.resume(definition, case, token.id, "submitted", {}, _world()).case
    acting = next(token for token in case.tokens.values() if token.node in names)
    slim = _slim(case, acting)
    return lambda: _step(definition, slim(), acting.id)


def _step(definition: Definition, case: Case, token: int) -> None:
    interpreter.resume(definition, case, token, "submitted", {}, _world())


def _turns() -> tuple[float, float]:
    """CPU of one turn, over the first hundred and over those around turn 5,000."""
    nodes = [_node("start", "start"), _node("work"), _node("again", "decide"), _node("end", "end")]
    doc = _workflow(nodes, [("start", "work"), ("work", "again"), ("again", "work")])
    doc["edges"].append({"uid": "out", "source": "again", "target": "end", "default": True})
    doc["edges"][2]["when"] = {"combinator": "and", "rules": [{"field": "more", "operator": "is_true"}]}
    definition = Definition.from_json(doc, [FORM])
    case = interpreter.start(definition, {"more": True}, _world()).case
    taken = []
    for _ in range(5_050):
        token = next(iter(case.tokens.values()))
        begun = time.process_time()
        case = interpreter.resume(definition, case, token.id, "submitted", {"more": True}, _world()).case
        taken.append(time.process_time() - begun)
    return sum(taken[:100]) * 10, sum(taken[4_950:]) * 10


MANUAL = ("register", "approve", "a", "b", "c", "close")
WAYS = [
    ("start", "register"), ("register", "split"), ("split", "approve"), ("approve", "fork"), ("split", "fork"), ("fork", "a"),
    ("fork", "b"), ("fork", "c"), ("a", "join"), ("b", "join"), ("c", "join"), ("join", "close"), ("close", "end"),
]  # fmt: skip


def _ours(folder: Path) -> Callable[[], float]:
    """CPU of a persisted step: six of them from register to close, with rights, history and task rows."""
    app, tenant_id = set_up(folder)
    others = {"start": "start", "split": "decide", "fork": "fork", "join": "join", "end": "end"}
    nodes = [_node(uid, kind) for uid, kind in others.items()] + [_node(uid) for uid in MANUAL]
    doc = _workflow(nodes, WAYS)
    large = {"combinator": "and", "rules": [{"field": "amount", "operator": "greater", "value": "100"}]}
    doc["edges"][2]["when"] = large
    doc["edges"][4]["default"] = True

    def once() -> float:
        with app.app_context():
            enter_tenant(tenant_id)
            actor = _actor(tenant_id)
            document = definitions.workflow("engine")
            assert document is not None
            filed = filing.file(actor, document, {"note": "a", "amount": "500", "more": True})
            assert isinstance(filed, Done)
            spent = 0.0
            for _ in MANUAL:
                db.session.remove()  # what was read before is an old snapshot
                enter_tenant(tenant_id)
                wanted = select(Task.id, Task.revision).where(Task.ticket_id == filed.ticket_id, Task.state == "open")
                task_id, revision = db.session.execute(wanted.limit(1)).one()
                db.session.remove()  # no snapshot stays open
                begun = time.process_time()
                tasks.submit(actor, task_id, revision, {"note": "b"})
                spent += time.process_time() - begun
            db.session.remove()
            return spent / len(MANUAL) * 1000

    with app.app_context():
        publish(tenant_id, doc)
    return once


def _spiff(folder: Path) -> Callable[[], float]:
    """The same with SpiffWorkflow: its serializer, one row of JSON in SQLite, the same durability."""
    from lxml import etree
    from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser  # type: ignore[import-not-found, unused-ignore]
    from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer  # type: ignore[import-not-found, unused-ignore]
    from SpiffWorkflow.bpmn.workflow import BpmnWorkflow  # type: ignore[import-not-found, unused-ignore]
    from SpiffWorkflow.util.task import TaskState  # type: ignore[import-not-found, unused-ignore]

    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(_bpmn().encode()))
    spec = parser.get_spec("p")
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
    connection = sqlite3.connect(folder / "spiff.db", isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; CREATE TABLE w (id INTEGER PRIMARY KEY, doc TEXT);"
    )

    def once() -> float:
        workflow = BpmnWorkflow(spec)
        workflow.do_engine_steps()
        connection.execute("INSERT OR REPLACE INTO w VALUES (1, ?)", (serializer.serialize_json(workflow),))
        begun = time.process_time()
        for _ in MANUAL:
            connection.execute("BEGIN IMMEDIATE")
            workflow = serializer.deserialize_json(connection.execute("SELECT doc FROM w WHERE id = 1").fetchone()[0])
            task = next(one for one in workflow.get_tasks(state=TaskState.READY) if one.task_spec.manual)
            task.data["amount"] = 500
            task.run()
            workflow.do_engine_steps()
            connection.execute("UPDATE w SET doc = ? WHERE id = 1", (serializer.serialize_json(workflow),))
            connection.execute("COMMIT")
        assert workflow.is_completed()
        return (time.process_time() - begun) / len(MANUAL) * 1000

    return once


def _bpmn() -> str:
    tasks = "".join(f'<b:userTask id="{one}" name="{one}"/>' for one in MANUAL)
    flows = "".join(
        f'<b:sequenceFlow id="{one}_{other}" sourceRef="{one}" targetRef="{other}">'
        + ("<b:conditionExpression>amount &gt; 100</b:conditionExpression>" if (one, other) == ("split", "approve") else "")
        + "</b:sequenceFlow>"
        for one, other in WAYS
    ).replace('targetRef="fork"', 'targetRef="merge"')
    flows += '<b:sequenceFlow id="merge_fork" sourceRef="merge" targetRef="fork"/>'
    return (
        '<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x"><b:process id="p" '
        f'isExecutable="true"><b:startEvent id="start"/>{tasks}<b:exclusiveGateway id="split" default="split_fork"/>'
        '<b:exclusiveGateway id="merge"/><b:parallelGateway id="fork"/><b:parallelGateway id="join"/>'
        f'<b:endEvent id="end"/>{flows}</b:process></b:definitions>'
    )

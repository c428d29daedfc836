"""Two processes that do tasks at the same instant. Each waits at the same line, and answers what came of it."""

from multiprocessing.synchronize import Barrier
from typing import Any

from dougong import create_app
from dougong.platform.people import principals_of
from dougong.platform.store import enter_tenant
from dougong.runtime.host import tasks
from dougong.runtime.host.verbs import Actor
from tests.cast import CONFIG, close
from tests.processes import CONTEXT, begin

Work = tuple[str, int]  # task id, revision


def runner(config: dict[str, Any], tenant_id: str, member_id: str, work: list[Work], line: Barrier, answers: Any) -> None:
    """Submit the tasks, one a round."""
    app = create_app({**CONFIG, **config})
    found: list[str] = []
    for task_id, revision in work:
        with app.app_context():
            enter_tenant(tenant_id)
            actor = Actor(tenant_id, "Asia/Shanghai", f"person:{member_id}", "racer", principals_of(tenant_id, member_id, ()))
            line.wait(60)
            try:
                found.append(type(tasks.submit(actor, task_id, revision, {})).__name__)
            except Exception as error:  # whatever it is, the test wants to know
                found.append(repr(error))
    close(app)
    answers.put(found)


def race(config: dict[str, Any], tenant_id: str, runners: list[tuple[str, list[Work]]]) -> list[list[str]]:
    """What each process got. `runners`: whose tasks, and which."""
    line, answers = CONTEXT.Barrier(len(runners)), CONTEXT.Queue()
    started = [begin(runner, config, tenant_id, *one, line, answers) for one in runners]
    found = [answers.get(timeout=30 + 2 * len(runners[0][1])) for _ in started]
    for process in started:
        process.join()
    return found

"""Processes of the house, forked from one that has read all of it: each would need three seconds to read it by itself."""

import multiprocessing
import os
from collections.abc import Callable, Mapping
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.house"])


def begin(
    main: Callable[..., Any], *given: Any, environment: Mapping[str, str] | None = None, log: Path | None = None
) -> BaseProcess:
    """`environment`: what differs from ours; `log`: the file behind which it writes what it says."""
    process = CONTEXT.Process(target=_within, args=(main, given, dict(environment or {}), log))
    process.start()
    return process


def _within(main: Callable[..., Any], given: tuple[Any, ...], environment: dict[str, str], log: Path | None) -> None:
    os.environ.update(environment)
    if log is not None:
        with log.open("a") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
    main(*given)

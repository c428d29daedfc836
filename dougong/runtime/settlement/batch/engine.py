"""A DuckDB that reads the files it is given and nothing else: no network, no extensions, bounded memory and threads."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import duckdb


class Limits(NamedTuple):
    """`memory`: of the engine; what does not fit goes to a temporary folder beside it. `spill`: no more than so much."""

    memory: str = "300MB"
    threads: int = 2
    spill: str = "20GB"


class Bench(NamedTuple):
    """Where a batch is worked on: the engine, and a folder that goes when it is done."""

    sql: duckdb.DuckDBPyConnection
    folder: Path


@contextmanager
def opened(files: Sequence[Path], limits: Limits) -> Iterator[Bench]:
    with TemporaryDirectory(prefix="dougong-batch-") as folder:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": limits.memory, "threads": str(limits.threads), "temp_directory": folder,
            "max_temp_directory_size": limits.spill, "preserve_insertion_order": "false",
            "autoinstall_known_extensions": "false", "autoload_known_extensions": "false",
        }  # fmt: skip
        with duckdb.connect(":memory:", config=settings) as sql:
            sql.execute("SET TimeZone = 'UTC'")
            sql.execute(f"SET allowed_paths = [{', '.join(text(str(one)) for one in files)}]")
            sql.execute(f"SET allowed_directories = [{text(folder)}]")
            sql.execute("SET enable_external_access = false")
            sql.execute("SET lock_configuration = true")
            yield Bench(sql, Path(folder))


def text(value: str) -> str:
    """A text in SQL."""
    return "'" + value.replace("'", "''") + "'"


def name(value: str) -> str:
    """A column in SQL."""
    return '"' + value.replace('"', '""') + '"'


def table(bench: Bench, called: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
    """A small table made in Python. `columns`: name -> type."""
    bench.sql.execute(
        f"CREATE OR REPLACE TEMP TABLE {called} ({', '.join(f'{name(one)} {kind}' for one, kind in columns.items())})"
    )
    insert(bench, called, columns, rows)


def insert(bench: Bench, called: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
    if rows:
        lists = ", ".join(f"unnest(${index}::{kind}[])" for index, kind in enumerate(columns.values(), 1))
        bench.sql.execute(f"INSERT INTO {called} SELECT {lists}", [list(column) for column in zip(*rows, strict=True)])

"""How a command answers: in words, or in JSON for machines; and with what it leaves."""

import json
import sys
from typing import Any, Final, NoReturn

import click

OK: Final = 0
WRONG: Final = 1  # the input has problems; a call that makes no sense is click's own 2
as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


def answer(found: dict[str, Any], words: str, json_wanted: bool, code: int = OK) -> NoReturn:
    click.echo(json.dumps(found, ensure_ascii=False, default=str) if json_wanted else words)
    sys.exit(code)


def refuse(path: str, words: str, json_wanted: bool) -> NoReturn:
    """What was handed in is wrong, and where."""
    answer({"ok": False, "path": path, "error": words}, f"{path or '/'}: {words}", json_wanted, WRONG)

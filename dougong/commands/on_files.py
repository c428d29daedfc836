"""The commands on files: check, play, settle, look into a pack. No installation is opened for them."""

import sys
from pathlib import Path
from typing import Any, Final

import click

from .answering import OK, WRONG, answer, as_json, refuse

ELSEWHERE: Final = ("check.no_such_entity", "check.no_such_workflow", "check.no_such_field")  # what a single file does not hold


@click.command(help="Check a definition or a pack (a JSON file). Exit 0: it could be published; 1: it has errors.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def check(file: Path, as_json: bool) -> None:
    from dougong.builder import checks, documents, packs
    from dougong.platform.messages import advice, say
    from dougong.runtime.canonical import parse
    from dougong.runtime.reason import Refused
    from dougong.schemas import KINDS

    try:
        doc = parse(file.read_bytes())
        kind = doc.get("kind") if isinstance(doc, dict) else None
        items = packs.read(file.read_bytes())["items"] if kind == "pack" else [doc]
        if kind not in ("pack", *KINDS):
            raise Refused("document.unknown_kind", "/kind", found=str(kind))
    except Refused as refused:
        problem = {"path": refused.path, "code": refused.reason.code, "message": say(refused.reason)}
        answer({"ok": False, "problems": [problem]}, f"{refused.path or '/'}: {say(refused.reason)}", as_json, WRONG)
    refs = {(item["kind"], item["key"]): item for item in items}
    found = [
        {
            "item": f"{item['kind']}/{item['key']}",
            **problem.to_json(),
            "message": say(problem.reason),
            "advice": advice(problem.reason),
        }
        for item in items
        for problem in documents.problems_with(item, refs)
    ]
    ok = checks.is_publishable([problem for item in items for problem in documents.problems_with(item, refs)])
    words = "\n".join(f"{one['severity']}: {one['item']}{one['path']}: {one['message']}" for one in found) or "ok"
    answer({"ok": ok, "problems": found}, words, as_json, OK if ok else WRONG)


@click.command(
    help="Settle lines (CSV, Excel or Parquet) by a settlement (a JSON file, or a pack). Exit 1: something was set aside."
)
@click.argument("definition", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("lines", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", default="", help="Which settlement of a pack.")
@click.option("--period", default="", help="Statements that begin then: 2026, 2026-10 or 2026-10-05. Else all.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="A folder: lines.csv, statements.json, statements.txt."
)
@click.option("--language", type=click.Choice(["zh-Hans", "en"]), default="zh-Hans", show_default=True)
@as_json
def settle(definition: Path, lines: Path, key: str, period: str, out: Path | None, language: str, as_json: bool) -> None:
    from dougong.builder import checks
    from dougong.platform.messages import say
    from dougong.platform.sheets import SheetError
    from dougong.runtime.canonical import parse
    from dougong.runtime.host.settlement import settling, settling_bulk
    from dougong.runtime.reason import Reason, Refused

    try:
        doc, beside = settling.chosen(parse(definition.read_bytes()), key)
        problems = [one for one in checks.check(doc, beside) if len(beside) > 1 or one.reason.code not in ELSEWHERE]
        if not checks.is_publishable(problems):
            words = "\n".join(f"{one.severity}: {one.path}: {say(one.reason, language)}" for one in problems)
            answer({"problems": [one.to_json() for one in problems]}, words, as_json, WRONG)
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
        if bulk := settling_bulk.is_bulk(lines):
            found = settling_bulk.settled(doc, lines, period, _progress, out / settling.LINES if out else None)
        else:
            found = settling.settled(doc, lines.read_bytes(), lines.name, period)
    except (Refused, SheetError) as refused:
        reason = refused.reason if isinstance(refused, Refused) else Reason(refused.code, refused.params)
        answer(reason.to_json(), say(reason, language), as_json, WRONG)
    if out is not None and bulk:
        settling.write_statements(found, out, language)
    elif out is not None:
        settling.write(found, out, language)
    for words in settling.told(found, language):
        click.echo(words, err=True)
    explained = f"{len(found.settled)} → {out}" if out else "\n".join(settling.explained(found, language))
    answer(settling.as_json(found), explained, as_json, OK if found.whole else WRONG)


def _progress(doing: str, done: int, of: int) -> None:
    """On a terminal, in one line."""
    if sys.stderr.isatty():
        click.echo(f"\r{doing} {done:,} / {of:,}   ", err=True, nl=False)


@click.command(help="Play a story (its uid or title) of a workflow in a pack or document. Exit 0: it holds.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("story")
@as_json
def play(file: Path, story: str, as_json: bool) -> None:
    from dougong.builder import simulate
    from dougong.platform.messages import say
    from dougong.runtime.canonical import parse
    from dougong.runtime.definition import Definition
    from dougong.runtime.reason import Refused

    try:
        doc = parse(file.read_bytes())
    except Refused as refused:
        answer({"ok": False, "error": say(refused.reason)}, f"{refused.path or '/'}: {say(refused.reason)}", as_json, WRONG)
    items = doc.get("items", [doc])
    for workflow in (item for item in items if item.get("kind") == "workflow"):
        for one in workflow.get("stories", ()):
            if story not in (one["uid"], *one["title"].values()):
                continue
            definition = Definition.from_json(workflow, items)
            wrong = simulate.verdict(definition, one) or simulate.verdict(definition, one, reloaded=True)
            found = simulate.played(definition, one)
            result: dict[str, Any] = {
                "ok": not wrong, "status": found.case.status, "result": found.case.result, "visited": found.visited,
                "data": found.case.data, "wrong": [say(reason) for reason in wrong],
            }  # fmt: skip
            words = "\n".join(["ok" if not wrong else "fails", " → ".join(found.visited), *result["wrong"]])
            answer(result, words, as_json, OK if not wrong else WRONG)
    raise click.UsageError(f"no story {story!r} in {file}")


@click.command(help="What each step, field, charge model and function is, in Markdown.")
@click.option("--language", type=click.Choice(["zh-Hans", "en"]), default="zh-Hans", show_default=True)
def handbook(language: str) -> None:
    from dougong.builder.handbook import markdown

    click.echo(markdown(language), nl=False)


@click.command(name="inspect", help="What a pack holds; refused where it is none.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def inspect(file: Path, as_json: bool) -> None:
    from dougong.builder import packs
    from dougong.platform.messages import pick, say
    from dougong.runtime.canonical import canonical
    from dougong.runtime.reason import Refused

    try:
        found = packs.read(file.read_bytes())
    except Refused as refused:
        refuse(refused.path, say(refused.reason), as_json)
    items = [{"kind": item["kind"], "key": item["key"], "title": item["title"]} for item in found["items"]]
    is_canonical = canonical(found) == file.read_bytes()
    words = "\n".join(
        [
            f"{found['key']} {found['version']} {pick(found['title'])}",
            *(f"  {one['kind']}/{one['key']}  {pick(one['title'])}" for one in items),
        ]
    )
    answer(
        {"ok": True, "key": found["key"], "version": found["version"], "canonical": is_canonical, "items": items},
        words,
        as_json,
    )


COMMANDS: Final = (check, settle, play, handbook)

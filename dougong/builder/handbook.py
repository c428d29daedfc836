"""The handbook: what can be drawn, as the modules themselves declare it. A page of the builder, and `docs/handbook.*.md`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from dougong.platform.messages import pick, t
from dougong.runtime.definition import Definition
from dougong.runtime.fields import FIELD_TYPES
from dougong.runtime.functions import FUNCTIONS
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.nodes._example import Example
from dougong.runtime.tiers import MODELS
from dougong.runtime.tiers._type import PARTS

from . import simulate
from .settlement_settings import SETTINGS

FAMILIES = ("ends", "people", "routing", "time", "work")


class Setting(NamedTuple):
    """`options`: their titles, the one that is meant where nothing is set with a mark; `depth`: how deep within others."""

    title: str
    help: str
    options: tuple[str, ...]
    depth: int


class Entry(NamedTuple):
    """`walk`: an example in lines; `then`: where it stands after that."""

    name: str
    title: str
    help: str
    icon: str = ""
    family: str = ""
    settings: tuple[Setting, ...] = ()
    outcomes: tuple[str, ...] = ()
    example: Example | None = None
    walk: tuple[str, ...] = ()
    then: str = ""

    def holds(self, text: str) -> bool:
        words = [self.name, self.title, self.help, *(one for it in self.settings for one in (it.title, it.help, *it.options))]
        return any(text in word.casefold() for word in words)


class Chapter(NamedTuple):
    name: str
    title: str
    entries: tuple[Entry, ...]


def chapters(tag: str, text: str = "") -> list[Chapter]:
    """In that language; of the entries those that hold this text."""
    wanted = text.strip().casefold()
    found = [Chapter(name, title, tuple(one for one in whole if one.holds(wanted))) for name, title, whole in _chapters(tag)]
    return [one for one in found if one.entries]


def _chapters(tag: str) -> Iterator[tuple[str, str, list[Entry]]]:
    steps = [_step(kind, tag) for kind in NODE_TYPES.values()]
    for family in FAMILIES:
        title = t("handbook.steps", tag, family=t(f"builder.family.{family}", tag))
        yield f"steps-{family}", title, [one for one in steps if one.family == family]
    fields = [
        Entry(one.name, pick(one.title, tag), pick(one.help, tag), one.icon, settings=_settings(one.config, tag))
        for one in FIELD_TYPES.values()
    ]
    yield "fields", t("handbook.fields", tag), fields
    models = [
        Entry(one.name, pick(one.title, tag), pick(one.help, tag), "calculator", settings=tuple(_figures(one, tag)))
        for one in MODELS.values()
    ]
    yield "models", t("handbook.models", tag), models
    parts = [
        Entry(f"settlement-{name}", t(f"handbook.settlement.{name}", tag), "", "calculator", settings=_settings(one, tag))
        for name, one in SETTINGS.items()
    ]
    yield "settlement", t("handbook.settlement", tag), parts
    functions = [Entry(f"function-{name}", name, t(f"builder.function.{name}", tag), "sigma") for name in FUNCTIONS]
    yield "functions", t("handbook.functions", tag), functions


def _step(kind: Any, tag: str) -> Entry:
    outcomes = tuple(pick(words, tag) for words in kind.outcomes.values())
    *walk, then = _walk(kind.example, tag) if kind.example else [""]
    return Entry(
        kind.name, pick(kind.title, tag), pick(kind.help, tag), kind.icon, kind.family, _settings(kind.config, tag), outcomes,
        kind.example, tuple(walk), then,
    )  # fmt: skip


# --- settings


MARKS: Final = {"usual": "default", "drawn": "x-drawn"}


def _settings(schema: Mapping[str, Any], tag: str, depth: int = 0) -> tuple[Setting, ...]:
    found: list[Setting] = []
    for one in schema.get("properties", {}).values():
        if "x-title" not in one:
            continue
        options = tuple(
            pick(words, tag) + "".join(t(f"handbook.{mark}", tag) for mark, key in MARKS.items() if value == one.get(key))
            for value, words in one.get("x-options", {}).items()
        )
        found.append(Setting(pick(one["x-title"], tag), pick(one.get("x-help"), tag), options, depth))
        if depth < 2:
            found += _settings(one.get("items", one), tag, depth + 1)
    return tuple(found)


def _figures(model: Any, tag: str) -> Iterator[Setting]:
    may = [one for one in model.may if one not in model.asks]
    for names, code, depth in (
        (model.asks, "handbook.needed", 0), (model.tier_asks, "handbook.needed", 1), (may, "handbook.may_be", 0),
    ):  # fmt: skip
        for name in names:
            yield Setting(pick(PARTS.get(name, name), tag), t(code, tag), (), depth)


# --- an example


def definition(example: Example) -> Definition:
    return Definition.from_json(example.workflow(), example.documents())


def _walk(example: Example, tag: str) -> Iterator[str]:
    """Line by line who did what, and where it stands then."""
    drawn = definition(example)
    fields = {one["key"]: one for one in example.fields}
    for uid, brought, *more in example.story()["say"]:
        yield "".join(_line(pick(drawn.node[uid].title, tag), brought, more[0] if more else {}, fields, tag))
    case = simulate.played(drawn, example.story()).case
    waiting = dict.fromkeys(token.node for token in case.tokens.values() if token.state == "waiting")
    steps = t("handbook.and", tag).join(pick(drawn.node[uid].title, tag) for uid in waiting)
    yield t("handbook.waits", tag, steps=steps) if waiting else t("handbook.ends", tag, result=t(f"result.{case.result}", tag))


def _line(title: str, brought: Mapping[str, Any], how: Mapping[str, Any], fields: Mapping[str, Any], tag: str) -> Iterator[str]:
    yield title
    verb = t(f"builder.walk.do.{how['signal']}", tag) if "signal" in how else ""
    if done := " · ".join(filter(None, [how.get("by", ""), verb])):
        yield t("handbook.by", tag, done=done)
    known = {key: value for key, value in brought.items() if key in fields}
    if given := [f"{pick(fields[key]['title'], tag)} = {_value(fields[key], value, tag)}" for key, value in known.items()]:
        yield t("handbook.with", tag, values=t("handbook.and", tag).join(given))


def _value(field: Mapping[str, Any], value: Any, tag: str) -> str:
    titles = {one["key"]: pick(one["title"], tag) for one in field.get("config", {}).get("options", ())}
    return t("handbook.and", tag).join(str(titles.get(one, one)) for one in (value if isinstance(value, list) else [value]))


# --- as a page of docs


def markdown(tag: str) -> str:
    """The whole of it in Markdown."""
    return "\n".join([f"# {t('handbook.title', tag)}", "", t("handbook.made", tag), "", *_pages(tag)])


def _pages(tag: str) -> Iterator[str]:
    for chapter in chapters(tag):
        yield from (f"## {chapter.title}", "")
        if chapter.name == "functions":
            yield from ("| | |", "|---|---|", *(f"| `{one.title}` | {one.help} |" for one in chapter.entries), "")
            continue
        for one in chapter.entries:
            yield from (f"### {one.title} `{one.name}`", "", *([one.help, ""] if one.help else []))
            if one.example:
                title = t("handbook.example", tag, title=pick(one.example.title, tag))
                yield from (title, "", *_numbered(one.walk), "", one.then, "")
            if one.outcomes:
                yield from (t("handbook.outcomes", tag, outcomes=t("handbook.and", tag).join(one.outcomes)), "")
            if one.settings:
                yield from (*(_bullet(setting, tag) for setting in one.settings), "")


def _numbered(lines: Sequence[str]) -> Iterator[str]:
    return (f"{index}. {line}" for index, line in enumerate(lines, 1))


def _bullet(setting: Setting, tag: str) -> str:
    more = [one for one in (setting.help, " / ".join(setting.options)) if one]
    return f"{'  ' * setting.depth}* **{setting.title}**" + "".join(f" — {one}" for one in more)

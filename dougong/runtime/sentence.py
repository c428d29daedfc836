"""A condition as a sentence, with the titles of fields and options: 金额 大于 1000 且 类型 属于 退货、投诉.

The builder says the same while it is drawn (`core/sentence.ts`); both run `schemas/vectors/sentences.json`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from .fields._type import Names
from .form import Field
from .operators import OPERATORS
from .operators._type import Operator
from .rules import Tree
from .texts import LANGUAGES, Text, pick
from .values import missing

WORDS: Final[Mapping[str, Text]] = {
    "and": {"zh-Hans": " 且 ", "en": " and "},
    "or": {"zh-Hans": " 或 ", "en": " or "},
    "not": {"zh-Hans": "并非（{}）", "en": "not ({})"},
    "group": {"zh-Hans": "（{}）", "en": "({})"},
    "field": {"zh-Hans": "“{}”", "en": "“{}”"},
    "nothing": {"zh-Hans": "（未填）", "en": "(nothing yet)"},
    "range": {"zh-Hans": "{} 至 {}", "en": "{} to {}"},
    "comma": {"zh-Hans": "、", "en": ", "},
}

Fields = Callable[[str], Field | None]


def sentence(tree: Tree | None, fields: Fields, names: Names) -> Text:
    """In every language; the empty text where nothing is asked."""
    asked = tree if tree and tree.get("rules") else None
    return {tag: _tidy(_group(asked, fields, names, tag, inner=False)) if asked else "" for tag in LANGUAGES}


def _tidy(words: str) -> str:
    return words.replace(" （", "（").replace("） ", "）")


def _group(tree: Tree, fields: Fields, names: Names, tag: str, *, inner: bool) -> str:
    asked = [rule for rule in tree["rules"] if "rules" not in rule or rule["rules"]]
    parts = [
        _group(rule, fields, names, tag, inner=len(asked) > 1) if "rules" in rule else _phrase(rule, fields, names, tag)
        for rule in asked
    ]
    words = WORDS[tree["combinator"]][tag].join(parts)
    if tree.get("not"):
        return WORDS["not"][tag].format(words)
    return WORDS["group"][tag].format(words) if inner and len(parts) > 1 else words


def _phrase(rule: Mapping[str, Any], fields: Fields, names: Names, tag: str) -> str:
    field, operator = fields(rule["field"]), OPERATORS.get(rule["operator"])
    subject = (pick(field.title, tag) if field else "") or rule["field"]
    verb = pick(operator.title, tag) if operator else rule["operator"]
    if operator and operator.operand == "none":
        return f"{subject} {verb}"
    before, gap, after = verb.partition("…")
    words = _object(rule, field, operator, fields, names, tag)
    return f"{subject} {before.rstrip()} {words} {after.lstrip()}".rstrip() if gap else f"{subject} {verb} {words}"


def _object(
    rule: Mapping[str, Any], field: Field | None, operator: Operator | None, fields: Fields, names: Names, tag: str
) -> str:
    given = rule.get("value")
    if rule.get("source") == "field":
        other = fields(str(given))
        return WORDS["field"][tag].format(pick(other.title, tag) if other else given or "")
    options, told = (operator.options, None if operator.of else field) if operator else ({}, field)
    given = [one for one in (given if isinstance(given, list) else [given]) if not missing(one)]
    words = [pick(options.get(str(one)), tag) or _said(one, told, names, tag) for one in given]
    if not words:
        return WORDS["nothing"][tag]
    if operator and operator.operand == "two":
        return WORDS["range"][tag].format(words[0], words[1] if len(words) > 1 else "…")
    return WORDS["comma"][tag].join(words)


def _said(value: Any, field: Field | None, names: Names, tag: str) -> str:
    options = field.config.get("options", ()) if field else ()
    option = next((one for one in options if one["key"] == value), None)
    if option:
        return pick(option["title"], tag) or str(value)
    if field and field.kind == "region":
        return names.region(str(value), tag)
    return str(value)

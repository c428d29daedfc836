"""What a settlement comes to in the reader's words: for its pages, its tables and on paper."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from dougong.platform.messages import language, pick, t
from dougong.platform.web import when
from dougong.runtime.form_view import shown
from dougong.runtime.settlement import inputs_form, text
from dougong.runtime.settlement.rounding import MODE_TITLES, PLACE_TITLES
from dougong.runtime.settlement.sentences import sentence
from dougong.runtime.values import number

from .saving import NAMES
from .settlement.ledger import REVERSAL
from .tables import LedgerLine

Doc = Mapping[str, Any]


def words_of(field: Any, value: Any) -> str:
    if field.type.name == "moment" and isinstance(value, str) and "T" in value:
        return _by_the_clock(value)
    return shown(field, value, language(), NAMES)


def _by_the_clock(moment: str) -> str:
    """Of the company; what is no moment (any more) as it stands."""
    try:
        return when(moment, "long")
    except ValueError:
        return moment


def inputs_of(doc: Doc) -> Callable[[LedgerLine], Doc]:
    """What a line brings, as it counts: of one that takes another back, amounts and what is summed up are negative."""
    counted = {one["key"] for one in doc["inputs"] if one["type"] == "money"} | _summed(doc)

    def inputs(line: LedgerLine) -> Doc:
        if not line.source.startswith(REVERSAL):
            return line.inputs
        return {key: _opposite(value) if key in counted else value for key, value in line.inputs.items()}

    return inputs


def _summed(part: Any) -> set[str]:
    """The inputs that a measure sums up."""
    if isinstance(part, Mapping):
        own = {part["sum"]} if isinstance(part.get("sum"), str) else set()
        return own.union(*map(_summed, part.values()))
    return set().union(*map(_summed, part)) if isinstance(part, list) else set()


def _opposite(value: Any) -> Any:
    try:
        return format(-number(value), "f")
    except ValueError:
        return value


def sentence_of(code: str, params: Mapping[str, Any], currency: str = "") -> str:
    return sentence(code, params, t, language(), currency, NAMES.region)


def rules_of(doc: Doc) -> dict[str, Doc]:
    return {rule["uid"]: rule for table in ("line", "statement") for rule in doc.get(table, {}).get("rules", ())}


def title_of(group: Doc, number: int, rules: Mapping[str, Doc]) -> str:
    """Of a group of a statement: its rule, or what it is where none has a title."""
    if title := pick(rules.get(group["rule"], {}).get("title")):
        return title
    if group["rule"]:
        return t("settlement.group", n=number)
    return t("settlement.by_line" if group["count"] else "settlement.by_limit")


def tax_of(group: Doc) -> str:
    """Of a group of a statement: of what kind it is, and where it is rounded."""
    found = t(f"settlement.tax_{group['tax_kind']}", rate=group["tax_rate"])
    of_lines = group.get("tax_per") == "line" and group["tax_kind"] in ("inclusive", "exclusive")
    return t("settlement.tax_of_lines", tax=found) if of_lines else found


def again(adjustment: Doc) -> str:
    """Why a closed period is reckoned anew."""
    code = "settlement.adjustment.now" if adjustment["count"] else "settlement.adjustment.again"
    return t(code, period=adjustment["period"], n=adjustment["count"])


def rounding_of(one: Mapping[str, Any]) -> str:
    """税额：舍去，1 位; 每笔：四舍五入，0.05 的倍数."""
    words = {"where": PLACE_TITLES[one["where"]], "mode": MODE_TITLES[one["mode"]]}
    if one.get("multiple"):
        return t("settlement.rounding.to_multiple", **words, multiple=one["multiple"])
    places = t("settlement.rounding.unit") if one["places"] is None else one["places"]
    return t("settlement.rounding.of", **words, places=places)


def named(who: Any) -> str:
    """Whose a share is: a person, a record, or what stands on the line."""
    return str(who.get("title") or who.get("id", "")) if isinstance(who, dict) else str(who or "")


def left_over(doc: Doc) -> str:
    """Who gets what is left over by rounding the shares."""
    to = doc.get("remainder", "largest")
    party = next((pick(one["party"]) for one in doc.get("shares", ()) if one["uid"] == to), None)
    return t("settlement.left_over", to=party or t(f"settlement.left_over.{to}"))


def plus(*amounts: str) -> str:
    return text(sum(map(Decimal, amounts), Decimal(0)))


def minus(*amounts: str) -> str:
    return plus(*(text(-Decimal(one)) for one in amounts))


def statement_words(doc: Doc) -> dict[str, Any]:
    """What a page that shows a statement of this settlement, or its lines, says them with."""
    return {
        "doc": doc, "form": inputs_form(doc), "inputs": inputs_of(doc), "priced": "line" in doc, "rules": rules_of(doc),
        "words": words_of, "sentence": sentence_of, "title_of": title_of, "rounding": rounding_of, "tax_of": tax_of,
        "left_over": left_over(doc), "plus": plus, "minus": minus, "again": again,
    }  # fmt: skip

"""Times of ISO 8601, as timers of BPMN say them, and ours."""

import re
from collections.abc import Mapping
from typing import Any

from .markup import Element

_DURATION = re.compile(
    r"P(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,4})M)?(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,7})M)?(?:(?P<seconds>\d{1,9})(?:\.\d+)?S)?)?"
)
_CYCLES = {"P1D": "day", "PT24H": "day", "P1W": "week", "P7D": "week", "P1M": "month"}
_MOST_MINUTES = 527_040


def timing(config: Mapping[str, Any]) -> tuple[str, str]:
    """The element and the words of a time of ours: a duration, the field that names a date, or how often."""
    until = config.get("until", {})
    if config.get("every"):
        return "timeCycle", {"day": "R/P1D", "week": "R/P1W", "month": "R/P1M"}.get(config["every"], "R/P1D")
    if "after" in until:
        amount, unit = until["after"].get("amount", 1), until["after"].get("unit")
        return "timeDuration", f"P{amount}D" if unit == "days" else f"PT{amount}{'H' if unit == 'hours' else 'M'}"
    return "timeDate", str(until.get("field", ""))


def said(event: Element | None) -> str:
    """What a timer says, in any of its three forms."""
    timer = event.first("timerEventDefinition") if event else None
    found = timer.first("timeDuration", "timeDate", "timeCycle") if timer else None
    return found.text.strip() if found else ""


def span_of(event: Element) -> dict[str, Any] | None:
    """The duration of a timer; None where it has none that is plain."""
    return span(said(event))


def span(words: str) -> dict[str, Any] | None:
    """PT4H, "P3D", R3/PT10M (its length): {"amount", "unit"}. Months are counted as 30 days, years as 365."""
    plain = words.strip().removeprefix("=").strip().strip("\"'").rpartition("/")[2]
    found = _DURATION.fullmatch(plain)
    if found is None or not any(found.groups()):
        return None
    part = {name: int(value or 0) for name, value in found.groupdict().items()}
    days = part["days"] + 7 * part["weeks"] + 30 * part["months"] + 365 * part["years"]
    minutes = part["minutes"] + -(-part["seconds"] // 60)
    if not minutes and not part["hours"]:
        return _within(days, "days")
    return (
        _within(24 * days + part["hours"], "hours")
        if not minutes
        else _within(60 * (24 * days + part["hours"]) + minutes, "minutes")
    )


def cycle(words: str) -> str:
    """day, week or month; empty where a cycle is another."""
    parts = words.strip().removeprefix("=").strip().strip("\"'").split("/")
    return _CYCLES.get(parts[-1], "") if parts[0].startswith("R") else ""


def _within(amount: int, unit: str) -> dict[str, Any] | None:
    return {"amount": amount, "unit": unit} if 1 <= amount <= _MOST_MINUTES else None

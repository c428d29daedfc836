"""What a new document of each kind begins with: enough to be opened, drawn on and understood."""

from typing import Any

from dougong.platform.store import new_id

FORMATS = {"workflow": 2}
ZONED = ("settlement", "calendar")  # what day a moment is, and when hours are


def starter(kind: str, title: dict[str, str], key: str, zone: str = "Asia/Shanghai") -> dict[str, Any]:
    """`zone`: of the company. Raises KeyError for a kind that cannot be made by hand."""
    head = {"format": FORMATS.get(kind, 1), "uid": new_id(), "kind": kind, "key": key, "title": title}
    return {**head, **_BODIES[kind](), **({"zone": zone} if kind in ZONED else {})}


def _form() -> dict[str, Any]:
    return {"sections": [{"uid": "s1", "fields": []}]}


def _entity() -> dict[str, Any]:
    name = {"uid": "name", "key": "name", "type": "text", "title": {"zh-Hans": "名称", "en": "Name"}, "required": True}
    return {"sections": [{"uid": "s1", "fields": [name]}], "name_field": "name", "list_fields": ["name"]}


def _workflow() -> dict[str, Any]:
    """A start and an end, not yet connected: the first step that is put behind the start leads on to the end."""
    return {
        "nodes": [
            {
                "uid": "start",
                "type": "start",
                "title": {"zh-Hans": "发起", "en": "Start"},
                "config": {"who": "members"},
            },
            {"uid": "end", "type": "end", "title": {"zh-Hans": "结束", "en": "End"}, "config": {"result": "completed"}},
        ],
        "edges": [],
        "layout": {"nodes": {"start": {"x": 0, "y": 0}, "end": {"x": 720, "y": 0}}},
    }


def _settlement() -> dict[str, Any]:
    def one(uid: str, kind: str, zh: str, en: str) -> dict[str, Any]:
        return {"uid": uid, "key": uid, "type": kind, "title": {"zh-Hans": zh, "en": en}, "required": True}

    return {
        "inputs": [
            one("partner", "text", "结算对象", "Partner"),
            one("date", "date", "业务日期", "Business date"),
            one("amount", "money", "金额", "Amount"),
        ],
        "partner": "partner",
        "date": "date",
        "currency": "CNY",
        "statement": {"dimensions": [], "rules": []},
    }


def _calendar() -> dict[str, Any]:
    """Monday to Friday, nine to six, with a lunch break."""
    return {
        "shifts": [
            {"uid": "morning", "days": [1, 2, 3, 4, 5], "from": "09:00", "to": "12:00"},
            {"uid": "afternoon", "days": [1, 2, 3, 4, 5], "from": "13:00", "to": "18:00"},
        ],
        "dates": [],
    }


def _table() -> dict[str, Any]:
    amount = {"uid": "in1", "key": "amount", "type": "money", "title": {"zh-Hans": "金额", "en": "Amount"}, "required": True}
    return {
        "inputs": [amount],
        "outputs": [{"uid": "out1", "key": "result", "type": "text", "title": {"zh-Hans": "结果", "en": "Result"}}],
        "policy": "first",
        "rules": [{"uid": "r1", "when": {}, "then": {}}],
    }


_BODIES = {
    "form": _form,
    "entity": _entity,
    "workflow": _workflow,
    "table": _table,
    "settlement": _settlement,
    "calendar": _calendar,
    "role": dict,
}

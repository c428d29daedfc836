"""Which element of BPMN stands for which type of step, in both directions; `docs/bpmn.md` shows the same as a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..placing import CARD

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
OURS: Final = "dougong:bpmn"
EXPORTER: Final = "Dougong"

# Events and gateways stand in the middle of where their card stands.
SIZES: Final = {"task": CARD, "gateway": (50, 50), "event": (36, 36)}


@dataclass(frozen=True)
class Drawn:
    """What a step is drawn as: an element and, of an event, what it is about."""

    element: str
    event: str = ""

    @property
    def shape(self) -> str:
        return "gateway" if self.element.endswith("Gateway") else "event" if self.element.endswith("Event") else "task"

    @property
    def is_activity(self) -> bool:
        """Events can be attached to it."""
        return self.shape == "task"


DRAWN: Final[Mapping[str, Drawn]] = {
    "start": Drawn("startEvent"),
    "revoke": Drawn("startEvent", "signal"),
    "user_task": Drawn("userTask"),
    "approval": Drawn("userTask"),
    "for_each": Drawn("userTask"),
    "decide": Drawn("exclusiveGateway"),
    "fork": Drawn("parallelGateway"),
    "some": Drawn("inclusiveGateway"),
    "join": Drawn("parallelGateway"),
    "first": Drawn("eventBasedGateway"),
    "until": Drawn("intermediateCatchEvent", "conditional"),
    "loop": Drawn("exclusiveGateway"),
    "wait": Drawn("intermediateCatchEvent", "timer"),
    "cancel": Drawn("task"),
    "set": Drawn("scriptTask"),
    "decide_by_table": Drawn("businessRuleTask"),
    "notify": Drawn("sendTask"),
    "settle": Drawn("serviceTask"),
    "write_record": Drawn("serviceTask"),
    "put_back": Drawn("serviceTask"),
    "receive": Drawn("receiveTask"),
    "send": Drawn("sendTask"),
    "call": Drawn("callActivity"),
    "http": Drawn("serviceTask"),
    "end": Drawn("endEvent"),
    "terminate": Drawn("endEvent", "terminate"),
}
_JOINS: Final = {"all": "parallelGateway", "reaching": "inclusiveGateway", "any": "complexGateway", "count": "complexGateway"}
OUTCOMES: Final = {"deadline": "timer", "failed": "error"}  # the event on the edge of an activity; any other: escalation


def drawn(node: Mapping[str, Any]) -> Drawn:
    """A type that is not known here is a task."""
    if node["type"] == "join":
        return Drawn(_JOINS.get(str(node.get("config", {}).get("mode")), "parallelGateway"))
    return DRAWN.get(node["type"], Drawn("task"))


# What elements drawn elsewhere become. Gateways are told apart by their ways in and out (`rewriting`).
TASKS: Final[Mapping[str, str]] = {
    "task": "user_task",
    "userTask": "user_task",
    "manualTask": "user_task",
    "serviceTask": "http",
    "scriptTask": "set",
    "businessRuleTask": "decide_by_table",
    "sendTask": "notify",
    "receiveTask": "receive",
    "callActivity": "call",
}
CATCHES: Final[Mapping[str, str]] = {"timer": "wait", "message": "receive", "signal": "receive", "conditional": "until"}
THROWS: Final[Mapping[str, str]] = {"message": "send", "signal": "send", "escalation": "notify"}
ENDS: Final[Mapping[str, tuple[str, str]]] = {  # type and result
    "": ("end", "completed"),
    "terminate": ("terminate", "completed"),
    "error": ("end", "rejected"),
    "cancel": ("end", "cancelled"),
}
SPLITS: Final[Mapping[str, str]] = {
    "exclusiveGateway": "decide",
    "parallelGateway": "fork",
    "inclusiveGateway": "some",
    "complexGateway": "some",
    "eventBasedGateway": "first",
}
MERGES: Final[Mapping[str, str]] = {"parallelGateway": "all", "inclusiveGateway": "reaching", "complexGateway": "any"}
CONTAINERS: Final = frozenset({"subProcess", "transaction", "adHocSubProcess"})
EVENT_TITLES: Final[Mapping[str, Mapping[str, str]]] = {
    "": {"zh-Hans": "普通", "en": "plain"},
    "timer": {"zh-Hans": "定时", "en": "timer"},
    "message": {"zh-Hans": "消息", "en": "message"},
    "signal": {"zh-Hans": "信号", "en": "signal"},
    "conditional": {"zh-Hans": "条件", "en": "conditional"},
    "error": {"zh-Hans": "错误", "en": "error"},
    "escalation": {"zh-Hans": "升级", "en": "escalation"},
    "compensate": {"zh-Hans": "补偿", "en": "compensation"},
    "cancel": {"zh-Hans": "取消", "en": "cancel"},
    "link": {"zh-Hans": "链接", "en": "link"},
    "terminate": {"zh-Hans": "终止", "en": "terminate"},
    "multiple": {"zh-Hans": "多重", "en": "multiple"},
}
EVENTS: Final = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
FLOW_NODES: Final = frozenset(
    {*TASKS, *SPLITS, *CONTAINERS, *EVENTS, "choreographyTask", "subChoreography", "callChoreography"}
)

"""Somebody fills in a part of the form and passes the ticket on."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..config import KEY, TEXT, config_of, setting
from ..definition import Definition, Node
from ..outcome import Go, Outcome, Wait
from ..reason import Reason, Refused
from ..shape import Shape
from ..values import KIND_TITLES
from ._among import check_among
from ._apart import apart, asked, check_apart
from ._back import places_back
from ._deadlines import OUTCOMES, check_deadlines, deadlines, passed, timed
from ._deadlines import SIGNAL as DEADLINE
from ._example import Example, task, titles
from ._fields import FORM, RIGHTS, check_rights, written
from ._people import PEOPLE, check_node_people
from ._time import PAUSES
from ._turns import TURN
from ._type import At, NodeType
from ._verbs import OPEN, VERBS, delegate, open_task, reply, send_back, took_part, transfer

SIGNAL = OPEN
CONFIG = config_of(
    ("who",),
    who=setting("处理人", "Assignee", PEOPLE, widget="people"),
    not_same_as=apart(),
    form=setting("表单", "Form", KEY, widget="form", group=FORM, help=("不选则用工单表单", "Left out: the ticket’s own form")),
    buttons=setting(
        "用按钮提交",
        "Submit by buttons",
        KEY,
        widget="choice-field",
        group=FORM,
        help=(
            "把一个单选字段的选项显示为提交按钮，如 同意/拒绝",
            "The options of a single choice become the submit buttons, such as approve / reject",
        ),
    ),
    submit_as=setting("“提交”按钮改称", "“Submit” is called", TEXT, group=FORM),
    advice=setting("办理提示", "Advice", TEXT, group=FORM),
    deadlines=deadlines(),
    pauses=PAUSES,
    **VERBS,
    turn=TURN,
    rights=RIGHTS,
)


def enter(at: At) -> Outcome:
    of_customer = at.config["who"]["by"] == "customer"
    return timed(at, Wait(SIGNAL, (open_task(at, asked(at, at.config["who"]), customer=of_customer),)))


def submitted(at: At, values: Mapping[str, Any]) -> Outcome:
    took_part(at)
    return Go(at.out, data=dict(values))


def send(at: At, values: Mapping[str, Any]) -> Outcome:
    if not str(values.get("opinion") or "").strip():
        raise Refused("approval.opinion_missing", "/opinion")
    return send_back(at, values)


def shape(definition: Definition, node: Node) -> Shape:
    return Shape(waits=True, back=places_back(definition, node))


def check(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    yield from check_node_people(definition, node)
    yield from check_rights(definition, node)
    yield from check_deadlines(definition, node)
    yield from check_apart(definition, node)
    yield from check_among(definition, node)
    form, buttons = definition.form_of(node), node.config.get("buttons")
    if form is None:
        yield "/form", Reason("check.step_without_form")
    elif buttons and (buttons not in form.fields or form.fields[buttons].kind != "choice"):
        yield "/buttons", Reason("check.field_of_kind", {"field": buttons, "kind": KIND_TITLES["choice"]})
    elif buttons and form.right(buttons, definition.rights_of(node)) not in ("write", "required"):
        yield "/buttons", Reason("check.buttons_not_writable", {"field": buttons})


NODE = NodeType(
    "user_task",
    {"zh-Hans": "办理", "en": "User task"},
    {"zh-Hans": "由处理人填写表单后继续", "en": "Somebody fills in the form and passes it on"},
    "people",
    "user-check",
    enter,
    {SIGNAL: submitted, "transfer": transfer, "delegate": delegate, "reply": reply, "send_back": send, DEADLINE: passed},
    config=CONFIG,
    outcomes=OUTCOMES,
    shape=shape,
    writes=written,
    check=check,
    also=("派单", "抢单", "接单", "认领", "转派", "上门", "回访", "满意度", "评价", "问卷", "填写", "受理", "SLA", "时限"),
    rank=20,
    example=Example(
        titles("客服派单，工程师上门", "The service desk dispatches, an engineer visits"),
        (task("dispatch", "派单", "Dispatch"), task("visit", "上门维修", "Visit", "engineer")),
        ("start>dispatch", "dispatch>visit", "visit>end"),
        ("start", "dispatch"),
        {"status": "running", "waiting": ["visit"]},
    ),
)

"""What an admin sets on an approval: who, how several decide, the special cases, what is said, what approvers may do."""

from typing import Final

from ..config import KEY, TEXT, UID, config_of, setting
from ._among import ACTS
from ._apart import apart
from ._deadlines import THEN as deadlines_then
from ._deadlines import deadlines
from ._fields import FORM, RIGHTS
from ._people import PEOPLE
from ._time import PAUSES
from ._turns import TURN
from ._verbs import VERBS

THEN: Final = {
    **deadlines_then,
    "pass": ("自动通过", "it passes"),
    "reject": ("自动拒绝", "it is refused"),
    "return": ("退回发起人", "it is sent back to the initiator"),
}
COUNTED: Final = ("any", "all", "ratio", "weight", "sequence")  # where more than one may sign
COMPARED: Final = {"reached": ("达到即可（≥）", "reached (≥)"), "exceeded": ("须超过（>）", "exceeded (>)")}
SEVERAL: Final = ("多人方式", "With several approvers")
SPECIAL: Final = ("特殊情况", "Special cases")
SAYING: Final = ("意见与签名", "Opinion and signature")
CALLED: Final = ("按钮名称", "Names of buttons")
CONFIG = config_of(
    (),
    who=setting(
        "审批人", "Who approves", PEOPLE, widget="people", needed=True,
        when={"mode": ["any", "all", "ratio", "sequence", "claim"]},
    ),
    weights=setting(
        "审批人与票数",
        "Who approves, and his weight",
        type="array",
        maxItems=20,
        widget="rows",
        needed=True,
        when={"mode": ["weight"]},
        items=config_of(
            ("uid", "who", "weight"),
            uid=UID,
            who=setting("谁", "Who", PEOPLE, widget="people"),
            weight=setting("票数", "Weight", type="integer", minimum=1, maximum=1000),
        ),
    ),
    mode=setting(
        "多人审批方式",
        "How many must agree",
        group=SEVERAL,
        default="any",
        told=True,
        options={
            "any": ("或签（一人决定即可）", "any one decides"),
            "all": ("会签（须所有人同意）", "all must agree"),
            "ratio": ("按比例会签（同意人数达到比例即通过）", "a share must agree"),
            "weight": ("票签（按权重）", "by weight"),
            "sequence": ("依次审批", "one after the other"),
            "claim": ("认领后由一人审批", "whoever claims it decides"),
        },
    ),
    percent=setting(
        "通过比例（%）", "Share that must agree (%)", type="integer", minimum=1, maximum=100,
        group=SEVERAL, needed=True, when={"mode": ["ratio"]},
    ),
    compare=setting(
        "比例怎样算",
        "The share is",
        group=SEVERAL,
        when={"mode": ["ratio"]},
        default="reached",
        options=COMPARED,
        help=("人数不足整数时进一：10 人的 23% 是 3 人", "Rounded up to whole persons: 23 % of 10 are 3"),
    ),
    passing=setting(
        "通过所需票数", "Weight that passes", type="integer", minimum=1, maximum=100000,
        group=SEVERAL, needed=True, when={"mode": ["weight"]},
    ),
    reject=setting(
        "拒绝规则",
        "Refused when",
        group=SEVERAL,
        when={"mode": COUNTED},
        default="any_one",
        defaults={"mode": {"ratio": "all", "weight": "all"}},
        options={
            "any_one": ("一人拒绝即拒绝", "one refuses"),
            "all": ("全部拒绝或无法通过才拒绝", "all refuse, or it can pass no more"),
            "ratio": ("拒绝达到比例或无法通过才拒绝", "a share refuses, or it can pass no more"),
        },
    ),
    reject_percent=setting(
        "拒绝比例（%）", "Share that refuses (%)", type="integer", minimum=1, maximum=100,
        group=SEVERAL, needed=True, when={"mode": COUNTED, "reject": ["ratio"]},
        help=("按人数；票签按票数", "Of the approvers; by weight, of the weights"),
    ),
    reject_compare=setting(
        "拒绝比例怎样算", "That share is", group=SEVERAL, when={"mode": COUNTED, "reject": ["ratio"]},
        default="reached", options=COMPARED,
    ),
    nobody=setting(
        "审批人为空时",
        "Where there is no approver",
        group=SPECIAL,
        default="admin",
        options={
            "admin": ("转交流程管理员", "who looks after the workflow decides"),
            "others": ("由指定人审批", "others decide"),
            "pass": ("自动通过", "it passes"),
            "reject": ("自动拒绝", "it is refused"),
            "end": ("结束流程", "the ticket ends"),
            "forbid": ("不允许发起", "the ticket cannot be filed"),
        },
        help=(
            "不允许发起：提交时已能确定没有审批人的，当场提示；办理中才发现的，工单停在这一步，由管理员处理",
            "Not filed: whoever files it is told where that is known then; where it shows later, the ticket stops at this step",
        ),
    ),
    nobody_to=setting(
        "指定审批人", "Who decides then", PEOPLE, widget="people", group=SPECIAL, needed=True, when={"nobody": ["others"]},
        help=("指定的人也找不到时，转交流程管理员", "Where these are not found either, who looks after the workflow decides"),
    ),
    initiator=setting(
        "审批人为发起人时",
        "Where the initiator would approve",
        group=SPECIAL,
        default="skip",
        options={
            "skip": ("自动跳过", "is skipped"),
            "self": ("由发起人自己审批", "he approves himself"),
            "head": ("转交给直属上级", "his superior decides"),
        },
    ),
    not_same_as=apart(SPECIAL),
    repeated=setting(
        "同一审批人重复出现时",
        "Where somebody has approved already",
        group=SPECIAL,
        default="next",
        options={
            "next": ("仅连续审批时自动通过", "passes by itself right after"),
            "ever": ("全流程只审批一次", "passes by itself ever after"),
            "never": ("不自动通过", "asks again"),
        },
    ),
    opinion=setting(
        "审批意见",
        "Opinion",
        group=SAYING,
        default="reject",
        options={
            "reject": ("拒绝、退回时必填", "required to refuse or send back"),
            "always": ("必填", "always required"),
            "never": ("选填", "optional"),
        },
    ),
    phrases=setting(
        "常用意见", "Phrases for opinions", type="array", maxItems=20, items=TEXT, widget="texts", group=SAYING
    ),
    signature=setting("须手写签名", "Signature required", type="boolean", group=SAYING),
    approve_as=setting("“同意”按钮改称", "“Approve” is called", TEXT, group=CALLED),
    reject_as=setting("“拒绝”按钮改称", "“Refuse” is called", TEXT, group=CALLED),
    add_signer=setting(
        "允许加签/减签", "May add signers", type="boolean", group=ACTS,
        help=("前加签、后加签、并加签", "Before, after or beside himself"),
    ),
    **{**VERBS, "send_back": VERBS["send_back"] | {"x-drawn": "any"}},
    batch=setting("允许批量审批", "May be approved in batches", type="boolean", group=ACTS),
    deadlines=deadlines(THEN),
    pauses=PAUSES,
    form=setting(
        "表单", "Form", KEY, widget="form", group=FORM, help=("不选则用工单表单", "Left out: the ticket’s own form")
    ),
    advice=setting("办理提示", "Advice", TEXT, group=FORM),
    turn=TURN,
    rights=RIGHTS,
)  # fmt: skip

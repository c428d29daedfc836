"""The workflow of a repair drawn from an empty canvas by mouse, published, and run to every end by the people it names.

In Chinese and in English. What the visit is worth is computed here by hand: base fee 120 × 1.2 for grade A.
"""

from collections.abc import Callable
from decimal import Decimal

from playwright.sync_api import Page, expect
from sqlalchemy import select

from dougong.platform.messages import t
from dougong.runtime.host.tables import LedgerLine, Ticket
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.operators import OPERATORS
from tests.e2e.behind import Behind
from tests.e2e.canvas import Canvas, item
from tests.e2e.conftest import Person
from tests.e2e.languages import mainly

FEE = Decimal("120") * Decimal("1.2")
URGENT_WORDS = ["漏水", "漏电", "起火", "leak", "fire"]

# name: (type, x, y on the canvas, what it is called). Nothing within a hand of the edge: there the canvas begins to move along
# while a line is drawn, and how far depends on how fast the machine is.
STEPS = {
    "urgent": ("decide", 150, 375, "紧急? Urgent?"),
    "mark": ("set", 267, 250, "标急 Mark"),
    "emergency": ("user_task", 441, 250, "应急诊断 Emergency"),
    "diagnose": ("user_task", 441, 500, "网点诊断 Diagnose"),
    "expensive": ("decide", 616, 375, "要审批? Expensive?"),
    "approve": ("user_task", 792, 250, "经理审批 Approve"),
    "decided": ("decide", 967, 250, "同意? Agreed?"),
    "rejected": ("end", 1142, 150, "已拒绝 Rejected"),
    "prepare": ("fork", 967, 500, "并行 Prepare"),
    "parts": ("user_task", 1142, 400, "备件 Parts"),
    "quality": ("user_task", 1142, 500, "质检 Quality"),
    "supervise": ("user_task", 1142, 600, "督办 Supervise"),
    "ready": ("join", 1316, 500, "汇合 Ready"),
    "close": ("user_task", 1316, 325, "完工 Close"),
    "settle": ("settle", 1491, 325, "结算 Settle"),
    "rate": ("user_task", 1491, 475, "评价 Rate"),
    "low": ("decide", 1316, 700, "低分? Low?"),
    "callback": ("user_task", 1491, 800, "回访 Call back"),
}
LINES = [
    ("start", "urgent"), ("urgent", "diagnose"), ("urgent", "mark"), ("mark", "emergency"), ("emergency", "expensive"),
    ("diagnose", "expensive"), ("expensive", "prepare"), ("expensive", "approve"), ("approve", "decided"),
    ("decided", "rejected"),
    ("decided", "prepare"), ("prepare", "parts"), ("prepare", "quality"), ("prepare", "supervise"), ("parts", "ready"),
    ("quality", "ready"), ("supervise", "ready"), ("ready", "close"), ("close", "settle"), ("settle", "rate"), ("rate", "low"),
    ("low", "end"), ("low", "callback"), ("callback", "end"),
]  # fmt: skip
PREPARED = [
    ("ivan", "parts", "parts_result", "ready"),
    ("judy", "quality", "quality_result", "passed"),
    ("kevin", "supervise", "supervisor_note", "ok"),
]
INTAKE = {
    "rest": "hidden", "customer": "write", "contact_name": "required", "phone": "required", "level": "read",
    "address": "required", "product_line": "required", "fault_category": "required", "description": "required",
}  # fmt: skip
TASKS: dict[str, tuple[str, dict[str, str]]] = {
    "emergency": ("emergency_team", {"diagnosis": "required", "quote": "required"}),
    "diagnose": ("engineer", {"diagnosis": "required", "quote": "required"}),
    "approve": ("service_manager", {"manager_decision": "required", "manager_comment": "write"}),
    "parts": ("parts_warehouse", {"parts_result": "required"}),
    "quality": ("quality_inspector", {"quality_result": "required"}),
    "supervise": ("supervisor", {"supervisor_note": "required"}),
    "close": ("", {"result": "required", "service_dealer": "required", "closed_on": "required"}),
    "rate": ("", {"rest": "hidden", "rating": "required", "comment": "write"}),
    "callback": ("supervisor", {"callback_note": "required"}),
}


@mainly("zh")
def test_the_workflow_of_a_repair_is_drawn_by_mouse_and_runs_to_every_end(
    somebody: Callable[..., Person], behind: Behind, shot: Callable[..., None], language: str
) -> None:
    tag = {"zh": "zh-Hans", "en": "en"}[language]
    alice = somebody("alice", language, width=2240, height=1240)
    canvas = draw(alice, tag)
    shot(alice.page, f"{language}/drawn-by-mouse")
    canvas.publish()
    document = behind.document(f"画 Drawn {language}")
    assert document.active == 1
    people = {name: somebody(name, language) for name in ("bob", "frank", "emma", "helen", "ivan", "judy", "kevin")}
    run = Run(people, behind, canvas, document.key, shot)
    run.cheap()
    run.urgent_by_word()
    run.vip()
    run.expensive_approved()
    run.expensive_rejected()
    run.bad_rating()
    fees, results = outcomes(behind, document.key)
    assert fees == [FEE] * 5
    assert sorted(results) == ["completed"] * 5 + ["rejected"]


def draw(alice: Person, tag: str) -> Canvas:
    """From an empty canvas to a workflow without problems."""
    language = {"zh-Hans": "zh", "en": "en"}[tag]
    page = alice.go("/t/acme/builder/")
    page.locator("[data-dialog=new-document]").click()
    page.locator("dialog [name=title]").fill(f"画 Drawn {language}")
    page.locator("dialog button.primary").click()
    page.locator(".react-flow__node").first.wait_for()
    canvas = Canvas(page, tag)
    canvas.steps.update(start="start", end="end")
    canvas.select(f"{canvas.say('builder.flow.form')}*", canvas.pick(item("form", "repair_request")["title"]))
    canvas.fit()
    canvas.zoom_out(2)
    for name, (kind, x, y, title) in STEPS.items():
        canvas.add(name, canvas.pick(NODE_TYPES[kind].title), x, y, title)
    for source, target in LINES:
        canvas.connect(source, target)
    settings(canvas)
    page.get_by_role("button", name=canvas.say("builder.arrange"), exact=True).click()
    canvas.fit()
    canvas.saved()
    expect(page.get_by_role("button", name=canvas.say("builder.problems.none_short"))).to_be_visible()
    return canvas


def settings(canvas: Canvas) -> None:
    """Who does each step, what he may fill in, and which way is taken when."""
    say, pick = canvas.say, canvas.pick
    canvas.choose("start")
    canvas.rights(**INTAKE)
    for name, (role, rights) in TASKS.items():
        canvas.choose(name)
        who = f"{pick(_title('user_task', 'who'))}*"
        if name == "rate":
            canvas.select(who, say("builder.who.customer"))
        elif name == "diagnose":
            canvas.select(who, say("builder.who.role_in_unit"))
            canvas.select(say("builder.unit"), say("builder.unit.region"))
            canvas.select(say("builder.kind.role"), pick(item("role", role)["title"]))
        else:
            canvas.select(who, say("builder.who.role"))
            canvas.select(say("builder.kind.role"), pick(item("role", role or "engineer")["title"]))
        canvas.rights(**rights)
    canvas.choose("approve")
    canvas.select(pick(_title("user_task", "buttons")), canvas.field("manager_decision"))
    canvas.choose("rejected")
    canvas.select(
        pick(_title("end", "result")), pick(NODE_TYPES["end"].config["properties"]["result"]["x-options"]["rejected"])
    )
    canvas.choose("mark")
    canvas.settings.get_by_role("button", name=say("builder.assignment.add"), exact=True).click()
    canvas.settings.get_by_label(pick(_title("set", "fields.field")), exact=True).select_option(label=canvas.field("urgency"))
    canvas.settings.get_by_label(pick(_title("set", "fields.formula")), exact=True).fill('"urgent"')
    canvas.choose("settle")
    canvas.select(f"{pick(_title('settle', 'settlement'))}*", pick(item("settlement", "repair_fee")["title"]))
    inputs = {one["key"]: pick(one["title"]) for one in item("settlement", "repair_fee")["inputs"]}
    for column, field in (
        ("dealer", "service_dealer"),
        ("product_line", "product_line"),
        ("region", "address"),
        ("closed_on", "closed_on"),
    ):
        canvas.select(inputs[column], canvas.field(field))
    canvas.select(pick(_title("settle", "amount_field")), canvas.field("visit_fee"))
    conditions(canvas)


def conditions(canvas: Canvas) -> None:
    """The first way drawn out of a decision is its default; the others get their conditions, as the builder shows them."""
    words = {name: operator.title[canvas.language] for name, operator in OPERATORS.items()}
    canvas.way("urgent", "mark")
    canvas.rule(0, "description", words["contains_any"], URGENT_WORDS, "words")
    canvas.rule(1, "level", words["equals"], canvas.option("level", "vip"), "choice")
    canvas.settings.get_by_role("radio", name=canvas.say("builder.condition.or"), exact=True).check()
    canvas.way("expensive", "approve")
    canvas.rule(0, "quote", words["greater"], "5000")
    canvas.rule(1, "level", words["equals"], canvas.option("level", "vip"), "choice")
    canvas.settings.get_by_role("radio", name=canvas.say("builder.condition.or"), exact=True).check()
    canvas.way("decided", "prepare")
    canvas.rule(0, "manager_decision", words["equals"], canvas.option("manager_decision", "approve"), "choice")
    canvas.way("low", "callback")
    canvas.rule(0, "rating", words["at_most"], "2")


def _title(kind: str, path: str) -> dict[str, str]:
    schema = NODE_TYPES[kind].config
    for name in path.split("."):
        schema = schema.get("items", schema)["properties"][name]
    found: dict[str, str] = schema["x-title"]
    return found


class Run:
    """The people of Acme work tickets of the drawn workflow, in their browsers."""

    def __init__(self, people: dict[str, Person], behind: Behind, canvas: Canvas, key: str, shot: Callable[..., None]) -> None:
        self.people, self.behind, self.steps, self.key, self.shot = people, behind, canvas.steps, key, shot
        self.tag = canvas.language
        self.language = self.tag[:2]

    def cheap(self) -> None:
        ticket = self.file(description="不制冷")
        self.do("frank", ticket, diagnosis="电容老化", quote="300")
        self.prepare(ticket)
        self.close("frank", ticket)
        self.shot(self.people["frank"].page, f"{self.language}/ticket-closed")
        self.rate(ticket, 5)

    def urgent_by_word(self) -> None:
        ticket = self.file(description="厨房漏水 leak")
        self.do("emma", ticket, diagnosis="管路松动", quote="200")
        self.prepared(ticket)
        self.close("frank", ticket)
        self.rate(ticket, 4)

    def vip(self) -> None:
        ticket = self.file(customer="周建国", description="不制冷")
        self.do("emma", ticket, diagnosis="缺氟", quote="100")
        self.press("helen", ticket, "approve")
        self.prepared(ticket)
        self.close("frank", ticket)
        self.rate(ticket, 5)

    def expensive_approved(self) -> None:
        ticket = self.file(description="压缩机不转")
        self.do("frank", ticket, diagnosis="压缩机损坏", quote="6000")
        self.press("helen", ticket, "approve")
        self.prepared(ticket)
        self.close("frank", ticket)
        self.rate(ticket, 3)

    def expensive_rejected(self) -> None:
        ticket = self.file(description="压缩机不转")
        self.do("frank", ticket, diagnosis="压缩机损坏", quote="9000")
        self.press("helen", ticket, "reject")

    def bad_rating(self) -> None:
        ticket = self.file(description="噪音大")
        self.do("frank", ticket, diagnosis="风机松动", quote="80")
        self.prepared(ticket)
        self.close("frank", ticket)
        self.rate(ticket, 2)
        self.do("kevin", ticket, callback_note="已致歉并补偿")

    def file(self, description: str, customer: str = "") -> str:
        page = self.people["bob"].go(f"/t/acme/tickets/new/{self.key}")
        if customer:
            page.locator('[data-key="customer"] [role=combobox]').fill(customer)
            page.get_by_role("option", name=customer).click()
        else:
            page.locator('[name="f.contact_name"]').fill("王芳")
            page.locator('[name="f.phone"]').fill("13800138000")
        for level, code in ((1, "44"), (2, "4403"), (3, "440305")):
            page.locator(f'[name="f.address.{level}"]').select_option(code)
        page.locator('[name="f.product_line"]').select_option("ac")
        page.locator('[name="f.fault_category"]').select_option("no_cooling")
        page.locator('[name="f.description"]').fill(description)
        page.get_by_role("button", name=t("tickets.file", self.tag)).click()
        page.wait_for_url("**/tickets/*-*")
        return page.url.rsplit("/", 1)[1]

    def do(self, name: str, ticket: str, **values: str) -> None:
        """Fill the task's form and submit it."""
        page = self.open(name, ticket)
        for key, value in values.items():
            self.fill(page, key, value)
        page.locator(".task .actions button.primary").click()
        self.done(page)

    def press(self, name: str, ticket: str, decision: str) -> None:
        """Decide by one of the buttons."""
        page = self.open(name, ticket)
        page.locator(f'.task .actions button[value="{decision}"]').click()
        self.done(page)

    def prepare(self, ticket: str) -> None:
        """Three at the same time, each at his browser."""
        for name, _, key, value in PREPARED:
            self.do(name, ticket, **{key: value})

    def prepared(self, ticket: str) -> None:
        """The same, posted: it has been seen once in the browser."""
        for name, step, key, value in PREPARED:
            self.behind.work(name, ticket, self.steps[step], **{key: value})

    def close(self, name: str, ticket: str) -> None:
        page = self.open(name, ticket)
        self.fill(page, "result", "fixed")
        page.locator('[data-key="service_dealer"] [role=combobox]').fill("诚信")
        page.get_by_role("option", name="诚信家电服务部").click()
        self.fill(page, "closed_on", "2026-11-20")
        page.locator(".task .actions button.primary").click()
        self.done(page)

    def rate(self, ticket: str, stars: int) -> None:
        """The customer, over his link, without an account."""
        page = self.open("bob", ticket)
        link = page.locator(f'input[aria-label="{t("ticket.customer_link", self.tag)}"]').input_value()
        page.goto(link)
        page.locator(f'label[for="f-rating-{stars}"]').click()
        page.locator(".task .actions button.primary").click()
        expect(page.get_by_text(t("public.thanks", self.tag))).to_be_visible()
        if stars == 5:
            self.shot(page, f"{self.language}/customer-follows")

    def open(self, name: str, ticket: str) -> Page:
        return self.people[name].go(f"/t/acme/tickets/{ticket}")

    @staticmethod
    def fill(page: Page, key: str, value: str) -> None:
        field = page.locator(f'.task [data-field="{key}"]')
        if field.locator("select").count():
            field.locator("select").select_option(value)
        elif field.locator(f'input[type=radio][value="{value}"]').count():
            field.locator(f'input[type=radio][value="{value}"]').check(force=True)
        else:
            field.locator("input, textarea").first.fill(value)

    @staticmethod
    def done(page: Page) -> None:
        expect(page.locator(".toast")).to_be_visible()


def outcomes(behind: Behind, key: str) -> tuple[list[Decimal], list[str]]:
    """The fees that were written and the results, of all tickets of the workflow."""
    with behind.reading() as session:
        tickets = {one.id: one.result or "" for one in session.scalars(select(Ticket).where(Ticket.workflow_key == key))}
        lines = session.scalars(select(LedgerLine).where(LedgerLine.ticket_id.in_(tickets)))
        return [Decimal(line.amount) for line in lines], list(tickets.values())

"""An approval drawn by mouse: all of a role must agree, a refusal has a line of its own; then two approve, and one refuses."""

from collections.abc import Callable

from playwright.sync_api import expect

from dougong.platform.messages import t
from dougong.runtime.host.tables import Ticket
from dougong.runtime.nodes import NODE_TYPES
from tests.e2e.behind import Behind
from tests.e2e.canvas import Canvas
from tests.e2e.conftest import Person
from tests.e2e.languages import mainly

APPROVAL = NODE_TYPES["approval"]
SETTINGS = APPROVAL.config["properties"]
FORM = {"zh-Hans": "退款申请单", "en": "Refund request"}
BOARD = {"zh-Hans": "退款会签人", "en": "Refund board"}


@mainly("zh")
def test_everybody_must_agree_and_a_refusal_goes_its_own_way(
    somebody: Callable[..., Person], behind: Behind, shot: Callable[..., None], language: str
) -> None:
    tag = {"zh": "zh-Hans", "en": "en"}[language]
    canvas = draw(somebody("alice", language), tag)
    shot(canvas.page, f"{language}/approval-drawn")
    walked(canvas)
    shot(canvas.page, f"{language}/approval-walked")
    canvas.saved()
    assert len(behind.draft(f"会签 Board {language}")["stories"]) == 1
    canvas.publish()
    key = behind.document(f"会签 Board {language}").key
    bob, helen, fiona = (somebody(name, language) for name in ("bob", "helen", "fiona"))
    ticket = filed(bob, key, tag)
    decide(helen, ticket, t("verb.approve", tag))
    assert end_of(behind, ticket) == ("running", None)
    decide(fiona, ticket, t("verb.approve", tag))
    assert end_of(behind, ticket) == ("done", "completed")
    ticket = filed(bob, key, tag)
    decide(helen, ticket, t("verb.reject", tag), "金额不符")
    assert end_of(behind, ticket) == ("done", "rejected")


def draw(alice: Person, tag: str) -> Canvas:
    """From an empty canvas to a workflow without problems."""
    page = alice.go("/t/acme/builder/")
    page.locator("[data-dialog=new-document]").click()
    page.locator("dialog [name=title]").fill(f"会签 Board {tag[:2]}")
    page.locator("dialog button.primary").click()
    page.locator(".react-flow__node").first.wait_for()
    canvas = Canvas(page, tag)
    canvas.steps.update(start="start", end="end")
    canvas.select(f"{canvas.say('builder.flow.form')}*", FORM[tag])
    canvas.add("board", APPROVAL.title[tag], 430, 560, "会签 Board")
    canvas.connect("start", "board")
    canvas.connect("board", "end")
    canvas.choose("board")
    canvas.select(f"{SETTINGS['who']['x-title'][tag]}*", canvas.say("builder.who.role"))
    canvas.select(canvas.say("builder.kind.role"), BOARD[tag])
    canvas.select(SETTINGS["mode"]["x-title"][tag], SETTINGS["mode"]["x-options"]["all"][tag])
    expect(canvas.step("board")).to_contain_text({"zh-Hans": "会签 · 退款会签人", "en": "all must agree · Refund board"}[tag])
    refused(canvas)
    page.get_by_role("button", name=canvas.say("builder.arrange"), exact=True).click()
    canvas.fit()
    canvas.saved()
    expect(page.get_by_role("button", name=canvas.say("builder.problems.none_short"))).to_be_visible()
    return canvas


def walked(canvas: Canvas) -> None:
    """The draft played as a ticket would go: refused without what is needed, agreed to, and kept as a story."""
    say, walk = canvas.say, canvas.page.locator(".b-walk")
    canvas.page.get_by_role("button", name=say("builder.walk"), exact=True).click()
    walk.get_by_role("button", name=say("builder.walk.do.submitted"), exact=True).click()
    expect(walk.get_by_role("alert")).to_be_visible()
    for box, value in zip(walk.locator(".b-walk-value > input").all(), ("王芳", "DD1", "2600"), strict=False):
        box.fill(value)
    walk.locator(".b-walk-value select").first.select_option("quality")
    walk.get_by_role("button", name=say("builder.walk.do.submitted"), exact=True).click()
    expect(canvas.page.locator(f'.b-token[data-token="{canvas.steps["board"]}"]')).to_be_visible()
    walk.get_by_role("button", name=say("builder.walk.do.approve"), exact=True).click()
    expect(walk.locator(".b-walk-end")).to_be_visible()
    expect(walk.get_by_role("button", name=say("builder.walk.do.take_back"))).to_have_count(0)  # what has ended it stays
    walk.get_by_label(say("builder.walk.name"), exact=True).fill("全部同意")
    walk.get_by_role("button", name=say("builder.walk.keep"), exact=True).click()
    expect(walk.get_by_role("button", name="全部同意")).to_have_count(2)  # to walk it again, to throw it away


def refused(canvas: Canvas) -> None:
    """From the card's menu: another end, for when it is refused."""
    page, outcome = canvas.page, APPROVAL.outcomes["rejected"][canvas.language]
    canvas.step("board").locator(".b-add-after").click()
    page.get_by_role("menuitem", name=t("builder.outcome.draw", canvas.language, outcome=outcome)).press("ArrowRight")
    page.get_by_role("menu").last.get_by_role("menuitem", name=NODE_TYPES["end"].title[canvas.language], exact=True).click()
    result = NODE_TYPES["end"].config["properties"]["result"]
    canvas.select(result["x-title"][canvas.language], result["x-options"]["rejected"][canvas.language])
    expect(page.locator(".b-way-label.b-outcome")).to_have_text(outcome)


def filed(bob: Person, key: str, tag: str) -> str:
    page = bob.go(f"/t/acme/tickets/new/{key}")
    for name, value in (("customer_name", "王芳"), ("order_number", "DD1"), ("refund_amount", "2600")):
        page.locator(f'[name="f.{name}"]').fill(value)
    page.locator('[name="f.refund_reason"]').select_option("quality")
    page.get_by_role("button", name=t("tickets.file", tag)).click()
    page.wait_for_url("**/tickets/*-*")
    return page.url.rsplit("/", 1)[1]


def decide(person: Person, ticket: str, button: str, opinion: str = "") -> None:
    page = person.go(f"/t/acme/tickets/{ticket}")
    page.locator(".task [name=opinion]").first.fill(opinion)
    page.locator(".task .actions").get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".toast")).to_be_visible()


def end_of(behind: Behind, ticket_id: str) -> tuple[str, str | None]:
    with behind.reading() as session:
        ticket = session.get_one(Ticket, (behind.tenants["acme"], ticket_id))
        return ticket.state, ticket.result

"""A newcomer in an empty company: a form, an approval of three steps with a condition, published, and run to its end.

By the pages and the editors alone, as docs/first-workflow.md tells it; five minutes are enough.
"""

import time
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from dougong.platform import accounts, people
from dougong.platform.messages import t
from dougong.platform.store import transaction
from dougong.platform.tenancy import add_tenant
from dougong.runtime.fields import FIELD_TYPES
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.operators import OPERATORS
from tests.e2e.behind import Behind
from tests.e2e.canvas import Canvas
from tests.e2e.conftest import Person
from tests.e2e.forms import FormCanvas
from tests.e2e.languages import mainly

PASSWORD = "a-first-password"
NEWCOMER = "newcomer"
MINUTES = 5
ROLES = ("head", "boss", "hr")
WORDS: dict[str, dict[str, str]] = {
    "zh": {"flow": "请假", "form": "请假单", "days": "天数", "why": "事由", "head": "部门经理", "boss": "总经理", "hr": "人事"},
    "en": {
        "flow": "Leave",
        "form": "Leave form",
        "days": "Days",
        "why": "Reason",
        "head": "Head",
        "boss": "Director",
        "hr": "HR",
    },
}
WHO = NODE_TYPES["approval"].config["properties"]["who"]["x-title"]


@mainly("en")
def test_from_an_empty_company_to_a_running_approval(
    somebody: Callable[..., Person], behind: Behind, shot: Callable[..., None], language: str
) -> None:
    tag, words = {"zh": "zh-Hans", "en": "en"}[language], WORDS[language]
    newcomer = somebody(language=language)
    slug = founded(behind, language)
    page = enter(newcomer, slug, NEWCOMER)
    begun = time.monotonic()

    newcomer.go(f"/t/{slug}/builder/")
    shot(page, f"{language}/first-1-empty")
    page.get_by_role("button", name=t("builder.first_workflow", tag)).click()
    page.locator("dialog [name=title]").fill(words["flow"])
    page.locator("dialog button.primary").click()
    page.locator(".react-flow__node").first.wait_for()
    canvas = Canvas(page, tag)
    fresh(canvas, "form", words["form"])
    draw_form(canvas, words, shot, language)
    draw_steps(canvas, words)
    shot(page, f"{language}/first-3-steps")
    page.get_by_role("button", name=canvas.say("builder.publish"), exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=canvas.say("builder.publish"), exact=True).click()
    dialog.get_by_role("link", name=canvas.say("builder.publish.next.people")).click()
    for role in ROLES:
        row = page.locator(".bindings > li").filter(has_text=words[role])
        row.locator("[name=who]").fill(address(slug, role))
        row.locator(".binding-add button").click()
    shot(page, f"{language}/first-4-people")
    ticket = file(newcomer, slug, tag, words)
    assert time.monotonic() - begun < MINUTES * 60
    shot(page, f"{language}/first-5-running")
    for role in ROLES:
        agree(enter(somebody(language=language), slug, role), ticket, tag)
    page.reload()
    expect(page.locator(".ticket-head .tag.good")).to_be_visible()
    shot(page, f"{language}/first-6-done")


def founded(behind: Behind, language: str) -> str:
    """A company with nothing drawn in it; the newcomer may, three colleagues are there to be asked."""
    slug = f"first-{language}"
    with behind.app.app_context():
        with transaction(None) as session:
            tenant_id = add_tenant(session, slug, {"zh-Hans": "新公司", "en": "A new company"}).id
            made = {name: accounts.add_account(session, address(slug, name), name, PASSWORD).id for name in (*ROLES, NEWCOMER)}
        with transaction(tenant_id) as session:
            for name, account_id in made.items():
                roles = ("tenant_admin", "designer") if name == NEWCOMER else ("staff",)
                people.add_member(session, account_id, name, address(slug, name), roles)
    return slug


def address(slug: str, name: str) -> str:
    return f"{name}@{slug}.example"


def enter(person: Person, slug: str, name: str) -> Page:
    page = person.go("/sign-in")
    page.locator("[name=email]").fill(address(slug, name))
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("button.primary").click()
    page.wait_for_url("**/inbox*")
    return page


def fresh(canvas: Canvas, kind: str, name: str) -> None:
    """A new document that the settings ask for, without leaving."""
    words = canvas.say("builder.fresh").replace("{kind}", canvas.say(f"builder.kind.{kind}"))
    canvas.settings.get_by_role("button", name=words, exact=True).click()
    canvas.settings.locator(".b-pick-row input").fill(name)
    canvas.settings.locator(".b-pick-row input").press("Enter")
    expect(canvas.settings.locator("select:visible").filter(has_text=name).first).to_be_visible()


def draw_form(canvas: Canvas, words: dict[str, str], shot: Callable[..., None], language: str) -> None:
    """In a tab of its own; back in the workflow its fields are known."""
    with canvas.page.context.expect_page() as opening:
        canvas.settings.locator("a[target=_blank]").first.click()
    page = opening.value
    form = FormCanvas(page, canvas.language)
    for kind, title in (("number", words["days"]), ("text", words["why"])):
        form.palette.get_by_role("button", name=FIELD_TYPES[kind].title[canvas.language], exact=True).click()
        for tag in ("zh-Hans", "en"):
            form.text("builder.title", tag).fill(title)
    form.saved()
    shot(page, f"{language}/first-2-form")
    page.close()
    canvas.page.bring_to_front()


def draw_steps(canvas: Canvas, words: dict[str, str]) -> None:
    """By the ＋ alone: one approves, another does, and a third where it is long."""
    add(canvas, canvas.page.locator('.react-flow__node[data-id="start"] .b-add-after'), "approval")
    head = asked(canvas, words["head"])
    into = canvas.page.get_by_role("button", name=canvas.say("builder.insert_here"), exact=True)
    add(canvas, into.last, "decide")
    canvas.fit()
    expect(people_steps(canvas)).to_have_count(2)
    branch = next(uid for one in people_steps(canvas).all() if (uid := str(one.get_attribute("data-id"))) != head)
    card(canvas, branch).click(position={"x": 20, "y": 12})
    asked(canvas, words["boss"])
    card(canvas, branch).locator(".b-add-after").click()
    pick(canvas, "approval")
    asked(canvas, words["hr"])
    condition(canvas, words)
    canvas.page.get_by_role("button", name=canvas.say("builder.arrange"), exact=True).click()
    canvas.saved()
    expect(canvas.page.get_by_role("button", name=canvas.say("builder.problems.none_short"))).to_be_visible()


def condition(canvas: Canvas, words: dict[str, str]) -> None:
    canvas.page.locator(".b-way-label.b-unset").first.click()
    settings = canvas.settings
    settings.get_by_role("button", name=canvas.say("builder.condition.add"), exact=True).click()
    settings.get_by_label(canvas.say("builder.condition.field"), exact=True).select_option(label=words["days"])
    more = OPERATORS["greater"].title[canvas.language]
    settings.get_by_label(canvas.say("builder.condition.operator"), exact=True).select_option(label=more)
    settings.get_by_role("group", name=canvas.say("builder.condition.rule")).get_by_role("textbox").fill("3")


def add(canvas: Canvas, plus: Locator, kind: str) -> None:
    plus.click()
    pick(canvas, kind)


def pick(canvas: Canvas, kind: str) -> None:
    canvas.page.get_by_role("menuitem", name=NODE_TYPES[kind].title[canvas.language], exact=True).last.click()
    expect(canvas.page.get_by_role("menu")).to_have_count(0)


def asked(canvas: Canvas, role: str) -> str:
    """The selected approval is called after the role that is asked, which is made here."""
    for box in range(2):
        canvas.settings.get_by_role("textbox").nth(box).fill(role)
    canvas.select(f"{WHO[canvas.language]}*", canvas.say("builder.who.role"))
    fresh(canvas, "role", role)
    return str(canvas.page.locator(".react-flow__node.selected").get_attribute("data-id"))


def people_steps(canvas: Canvas) -> Locator:
    return canvas.page.locator(".react-flow__node:has(.b-step[data-family=people])")


def card(canvas: Canvas, uid: str) -> Locator:
    return canvas.page.locator(f'.react-flow__node[data-id="{uid}"]')


def file(newcomer: Person, slug: str, tag: str, words: dict[str, str]) -> str:
    """So long that the third is asked too."""
    page = newcomer.go(f"/t/{slug}/tickets/new")
    page.locator(".tile-main").filter(has_text=words["flow"]).click()
    page.get_by_label(words["days"]).fill("5")
    page.get_by_label(words["why"]).fill("探亲 Family")
    page.get_by_role("button", name=t("tickets.file", tag)).click()
    page.wait_for_url("**/tickets/*-*")
    return page.url


def agree(page: Page, ticket: str, tag: str) -> None:
    page.goto(ticket)
    page.locator(".task .actions").get_by_role("button", name=t("verb.approve", tag), exact=True).click()
    expect(page.locator(".toast")).to_be_visible()

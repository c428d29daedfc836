"""A decision table drawn from an empty one: columns, cells typed and pasted, rows and columns dragged, tried on the bench."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.e2e.behind import Behind
from tests.e2e.canvas import drag
from tests.e2e.conftest import Person
from tests.e2e.forms import FormCanvas, begin
from tests.e2e.languages import mainly
from tests.e2e.tables import Grid, TableCanvas

PASTED = "空调 AC\t≥500\t急 Urgent\n冰箱 Fridge\t[0, 300)\t缓 Later\n\t\t常 Usual"


@mainly("zh")
def test_a_table_is_drawn_tried_and_published(
    somebody: Callable[..., Person], behind: Behind, shot: Callable[..., None], language: str
) -> None:
    tag = {"zh": "zh-Hans", "en": "en"}[language]
    title = f"派工 Dispatch {language}"
    alice = somebody("alice", language)
    begin(alice.go("/t/acme/builder/"), "table", title)
    page, canvas = alice.page, TableCanvas(alice.page, tag)
    say = canvas.say
    rules = Grid(page, canvas.tables, say("builder.table.rules"))

    add_column(canvas, rules)
    move_a_column(canvas, rules)
    paste(page, rules.rows.first.locator("td").first, PASTED)
    expect(rules.rows).to_have_count(3)
    expect(rules.rows.nth(1)).to_contain_text("[0, 300)")

    canvas.tables.get_by_role("combobox").first.select_option("unique")
    overlap = {"zh-Hans": "与第 1 条规则重叠", "en": "overlaps with rule 1"}[tag]
    expect(rules.rows.nth(2).locator("th[data-wrong]")).to_be_visible()
    rules.rows.nth(2).locator(".b-row-number").hover()
    expect(page.get_by_role("tooltip").filter(has_text=overlap)).to_be_visible()
    shot(page, f"{language}/table-overlap")
    canvas.tables.get_by_role("combobox").first.select_option("first")
    expect(canvas.tables.locator("th[data-wrong]")).to_have_count(0)

    drag_a_row(canvas, rules)
    try_it(canvas, rules)
    canvas.saved()
    shot(page, f"{language}/drawn-table")
    FormCanvas(page, tag).publish()
    document = behind.document(title)
    assert document.active == 1
    assert [rule["then"]["out1"]["value"] for rule in document.draft["rules"]] == ["急 Urgent", "缓 Later", "常 Usual"]
    assert document.draft["rules"][1]["when"]["in1"] == [
        {"operator": "at_least", "value": "0"},
        {"operator": "less", "value": "300"},
    ]


def add_column(canvas: TableCanvas, rules: Grid) -> None:
    canvas.tables.get_by_role("button", name=canvas.say("builder.table.inputs.add")).click()
    canvas.page.get_by_role("menuitem").nth(1).click()  # a single choice
    canvas.settings.get_by_role("textbox", name=canvas.say("builder.title")).first.fill("产品线 Line")
    canvas.options({"ac": "空调 AC", "fridge": "冰箱 Fridge"})
    canvas.settings.get_by_role("button", name=canvas.say("builder.table.back")).click()


def heads(rules: Grid) -> list[str]:
    return [words.strip() for words in rules.grid.locator("thead th[data-tone]").all_inner_texts()]


def move_a_column(canvas: TableCanvas, rules: Grid) -> None:
    """By its grip, before the first; undo and redo."""
    before = heads(rules)
    grip = middle(rules.grid.locator("thead .b-grip").nth(1))
    first = rules.grid.locator("thead th[data-tone]").first.bounding_box()
    assert first
    drag(canvas.page, grip, (first["x"] + 8, grip[1]))
    expect(rules.grid.locator("thead th[data-tone]").first).to_contain_text("Line")
    canvas.page.keyboard.press("Control+z")
    expect(rules.grid.locator("thead th[data-tone]").nth(1)).to_contain_text("Line")
    assert heads(rules) == before
    canvas.page.keyboard.press("Control+Shift+z")
    expect(rules.grid.locator("thead th[data-tone]").first).to_contain_text("Line")


def drag_a_row(canvas: TableCanvas, rules: Grid) -> None:
    """The rule for everything else to the top hides the others: each says so. Back again."""
    top = rules.rows.first.bounding_box()
    assert top
    drag(canvas.page, middle(rules.rows.nth(2).locator(".b-grip")), (top["x"] + 20, top["y"] + 4))
    expect(rules.rows.first).to_contain_text("Usual")
    expect(canvas.tables.locator("tbody th[data-wrong]")).to_have_count(2)
    canvas.page.keyboard.press("Control+z")
    expect(rules.rows.nth(2)).to_contain_text("Usual")
    expect(canvas.tables.locator("tbody th[data-wrong]")).to_have_count(0)


def try_it(canvas: TableCanvas, rules: Grid) -> None:
    bench = canvas.page.get_by_role("region", name=canvas.say("builder.table.bench"))
    bench.get_by_role("combobox").first.select_option("fridge")
    bench.get_by_role("textbox").first.fill("120")
    expect(bench.locator("dd")).to_have_text("缓 Later")
    expect(rules.grid.locator("tr[data-marked]")).to_have_count(2)
    bench.get_by_role("textbox").first.fill("")
    expect(bench.locator(".b-error")).to_be_visible()
    bench.get_by_role("textbox").first.fill("300")
    expect(bench.locator("dd")).to_have_text("常 Usual")


def paste(page: Page, cell: Locator, text: str) -> None:
    page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
    cell.click()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+v")


def middle(of: Locator) -> tuple[float, float]:
    box = of.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

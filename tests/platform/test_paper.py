"""A paper of several pages: each says what it is of, and no line stands alone at the foot of one."""

import io
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from dougong.platform.paper import Paper

NOW = datetime(2026, 11, 27, tzinfo=UTC)


def paper(tag: str = "zh-Hans") -> Paper:
    return Paper("Statement ST-1", "Acme", lambda page: f"{page} / {{nb}}", tag, NOW)


def pages(made: Paper) -> list[str]:
    return [page.extract_text().replace("\x00", "") for page in PdfReader(io.BytesIO(made.printed())).pages]


def test_every_page_but_the_first_says_what_it_is_of() -> None:
    made = paper()
    for number in range(120):
        made.row(f"row {number}", "1.00")
    first, second, third = pages(made)
    assert "Statement ST-1" not in first
    for number, page in ((2, second), (3, third)):
        assert page.startswith("Statement ST-1") and f"{number} / 3" in page


@pytest.mark.parametrize(("down", "page"), [(250.0, 1), (265.0, 2)])
def test_a_rule_stands_above_what_it_is_drawn_for(down: float, page: int) -> None:
    made = paper()
    made.set_y(down)
    made.rule(above=14)
    made.row("below it")
    assert made.page_no() == len(pages(made)) == page


def test_quotes_of_an_english_text_are_not_as_wide_as_chinese_ones() -> None:
    for tag, words in (("en", "the quarter's"), ("zh-Hans", "the quarter’s")):
        made = paper(tag)
        made.row("the quarter’s")
        assert words in pages(made)[0]

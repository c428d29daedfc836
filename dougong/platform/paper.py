"""A document on paper: PDF pages of headings, facts and rows with an amount, numbered; with the Chinese glyphs that it uses."""

from collections.abc import Callable, Iterable
from datetime import datetime

from fpdf import FPDF
from fpdf.enums import WrapMode, XPos, YPos
from pylopdf_fonts_zh_cn import sans_path

PDF = "application/pdf"
INK, MUTED, LINE = (33, 33, 36), (110, 110, 116), (205, 203, 198)
GAP = 4.0  # between words and their amount, in mm
NARROW = str.maketrans("’‘“”", "''\"\"")  # the font of the Chinese has these as wide as a character


class Paper(FPDF):
    """`title`: also the head of each page but the first; `foot`: what stands at the foot of each before its number; `numbered`:
    that in words, {nb} for how many."""

    def __init__(self, title: str, foot: str, numbered: Callable[[int], str], tag: str, made: datetime) -> None:
        super().__init__(format="A4")
        self.foot, self.numbered = foot, numbered
        self.chinese = tag.startswith("zh")
        self.wrap = WrapMode.CHAR if self.chinese else WrapMode.WORD
        self.set_title(title)
        self.set_lang(tag)
        self.set_creator("Dougong")
        self.set_creation_date(made)
        self.set_margins(18, 16)
        self.set_auto_page_break(True, margin=20)
        self.add_font("sans", fname=sans_path())
        self.add_page()

    def header(self) -> None:
        if self.page_no() > 1:
            self.note(str(self.title))
            self.rule()

    def footer(self) -> None:
        self.set_y(-14)
        self._pen(7.5, MUTED)
        self.cell(self.epw / 2, 4, self._set(self.foot))
        self.cell(0, 4, self.numbered(self.page_no()), align="R")

    def heading(self, words: str, size: float = 11) -> None:
        self.ln(size / 4)
        self._room(4 * size / 2)  # a heading does not stand alone at the foot of a page
        self._words(words, size, INK)
        self.ln(0.8)

    def note(self, words: str, indent: float = 0) -> None:
        self._words(words, 7.5, MUTED, indent)

    def facts(self, pairs: Iterable[tuple[str, str]]) -> None:
        """What it is about, two beside each other."""
        told = [self._set(f"{name}  {value}") for name, value in pairs]
        for left, right in zip(told[::2], [*told[1::2], ""], strict=False):
            self._pen(9, INK)
            self.cell(self.epw / 2, 5.4, self._cut(left, self.epw / 2 - GAP))
            self.cell(0, 5.4, self._cut(right, self.epw / 2), new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def row(self, words: str, amount: str = "", *, size: float = 9, indent: float = 0, below: float = 0) -> None:
        """Words, over as many lines as they need, and their amount at the right of the first. `below`: what has to have room
        below them on the same page, in mm."""
        self._room(size / 2 + below)
        top, width = self.get_y(), 0.0
        if amount:
            self._pen(size, INK)
            width = self.get_string_width(amount) + GAP
            self.cell(self.epw, size / 2, amount, align="R")
            self.set_xy(self.l_margin, top)
        self._words(words, size, INK, indent, width)

    def rule(self, above: float = 0) -> None:
        """A line, and what stands below it on the same page, which is so high in mm; where that is the next page its head has
        drawn one."""
        if above and self.will_page_break(above):
            self.add_page()
            return
        self.set_draw_color(LINE)
        self.set_line_width(0.2)
        self.line(self.l_margin, self.get_y() + 0.8, self.l_margin + self.epw, self.get_y() + 0.8)
        self.ln(1.6)

    def printed(self) -> bytes:
        return bytes(self.output())

    def _words(self, words: str, size: float, ink: tuple[int, int, int], indent: float = 0, beside: float = 0) -> None:
        words = self._set(words)
        self._pen(size, ink)
        self.set_x(self.l_margin + indent)
        width = self.epw - indent - beside
        if self.get_string_width(words) < width - 2 * self.c_margin and "\n" not in words:  # most do, and this is fast
            self.cell(width, size / 2, words, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        else:
            self.multi_cell(width, size / 2, words, align="L", wrapmode=self.wrap, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _set(self, words: str) -> str:
        return words if self.chinese else words.translate(NARROW)

    def _cut(self, words: str, width: float) -> str:
        while words and self.get_string_width(words) > width - 2 * self.c_margin:
            words = f"{words[:-2]}…"
        return words

    def _room(self, height: float) -> None:
        if self.will_page_break(height):
            self.add_page()

    def _pen(self, size: float, ink: tuple[int, int, int]) -> None:
        self.set_font("sans", size=size)
        self.set_text_color(*ink)

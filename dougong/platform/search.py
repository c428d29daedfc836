"""Search in what grows without end: a table of grams beside the words of each subject, written in the same transaction.

Chinese has no spaces, so a gram is what begins at a place: two characters of Chinese, a whole word of anything else. What is
looked for is cut into the same runs: each must stand in the words, and the rarest gram says among which rows to look. One
character, or the beginning of a word, is a range of grams; a number is also found by how it ends.
Why so: docs/decisions/0008-search.md.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, String, and_, func, select, union_all
from sqlalchemy.orm import Mapped, Session, mapped_column

from .engines import Driver
from .store import Base, TenantTable

LONGEST_WORD: Final = 24  # characters of a word that its gram keeps
LONGEST_TEXT: Final = 2_000  # characters of a text that are looked through
MOST_GRAMS: Final = 400  # of one subject
MOST_ASKED: Final = 12  # runs of one question, and grams of them
ENDING: Final = 4  # the digits by which a number is found from its end
COMMON: Final = 5_000  # a gram that stands in so many subjects narrows nothing
AT_ONCE: Final = 16
_HAN: Final = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"  # written without spaces
_RUN = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+")
_IS_HAN = re.compile(f"[{_HAN}]")
_MOBILE = re.compile(r"1\d{10}")  # said as 138 1111 2222, so each of the three begins a gram
_DASHED = re.compile(r"(?<=\d)[-‐‑–](?=\d)")  # 0755-8888-6666 is one number


class SearchGram(TenantTable, Base):
    """A gram of a subject (kind: ticket, record). Its order is that of code points on both stores, so a prefix is a range."""

    __tablename__ = "search_gram"
    __table_args__ = ({"sqlite_with_rowid": False},)

    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    gram: Mapped[str] = mapped_column(
        String(LONGEST_WORD).with_variant(String(LONGEST_WORD, collation="C"), "postgresql"), primary_key=True
    )
    subject_id: Mapped[str] = mapped_column(String(36), primary_key=True)


def words(*texts: str) -> str:
    """Texts as a search looks through them: in one form, each run once, a space around each."""
    found = dict.fromkeys(run for text in texts for run in runs(text[:LONGEST_TEXT]))
    return f" {' '.join(found)} " if found else ""


@lru_cache(maxsize=2_000)
def runs(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return tuple(_RUN.findall(_DASHED.sub("", plain)))


def keep(driver: Driver, tenant: str, kind: str, subject_id: str, was: str, now: str) -> None:
    """The grams of a subject whose words were one thing and are another."""
    if was == now:
        return
    before, after = _grams_of(was), _grams_of(now)
    row = {"tenant": tenant, "kind": kind, "subject": subject_id}
    for statement, wanted in ((_DELETE, before - after), (_INSERT, after - before)):
        for some in _batches(sorted(wanted)):
            driver.write(statement, {**row, **some})


def forget(driver: Driver, tenant: str) -> None:
    """All grams of a tenant, before they are made anew."""
    driver.execute("DELETE FROM search_gram WHERE tenant_id = :tenant", {"tenant": tenant})


def saying(column: Any, text: str) -> ColumnElement[bool]:
    """The words contain every run of the text. A text without any, such as "%", is said by nothing."""
    asked = runs(text)[:MOST_ASKED]
    return and_(*(_contains(column, run) for run in asked)) if asked else column.is_(None)


def narrowed(session: Session, kind: str, id_column: Any, words_column: Any, text: str) -> list[ColumnElement[bool]]:
    """The conditions under which a subject says the text: the second, where it helps, says among which to look."""
    here = among(session, kind, id_column, text)
    return [saying(words_column, text), *([] if here is None else [here])]


def among(session: Session, kind: str, column: Any, text: str) -> ColumnElement[bool] | None:
    """`column` is of the subjects that have the rarest gram of the text; None where each of its grams is common."""
    asked = list(dict.fromkeys(one for run in runs(text)[:MOST_ASKED] for one in _sought(run)))[:MOST_ASKED]
    counts = {one: _count(session, kind, one) for one in asked}
    rarest = min(counts, key=lambda one: counts[one], default=None)
    if rarest is None or counts[rarest] >= COMMON:
        return None
    found: ColumnElement[bool] = column.in_(_subjects(kind, rarest))
    return found


def _filled(statement: str, gap: str) -> str:
    """The statement for AT_ONCE grams; `gap` is repeated in it, with the number of each."""
    return statement.replace(gap, ", ".join(gap.replace("#", str(at)) for at in range(AT_ONCE)))


_INSERT = _filled(
    """
INSERT INTO search_gram (tenant_id, kind, gram, subject_id) VALUES (:tenant, :kind, :gram#, :subject) ON CONFLICT DO NOTHING
""",
    "(:tenant, :kind, :gram#, :subject)",
)
_DELETE = _filled(
    """
DELETE FROM search_gram WHERE tenant_id = :tenant AND kind = :kind AND subject_id = :subject AND gram IN (:gram#)
""",
    ":gram#",
)


def _batches(wanted: list[str]) -> Iterator[dict[str, str]]:
    """A fixed number at once, so that the statement is always the same one: the last of a short batch is repeated."""
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        yield {f"gram{at}": some[min(at, len(some) - 1)] for at in range(AT_ONCE)}


def _grams_of(kept: str) -> set[str]:
    """Of what `words` has made."""
    found = dict.fromkeys(gram for run in kept.split() for gram in _grams(run))
    return set(list(found)[:MOST_GRAMS])


def _grams(run: str) -> Iterable[str]:
    if _IS_HAN.match(run):
        return (run[at : at + 2] for at in range(len(run)))
    found = [run[:LONGEST_WORD]]
    if len(run) > ENDING and run[-ENDING:].isdecimal():
        found.append(run[-ENDING:])
    if _MOBILE.fullmatch(run):
        found.append(run[3:])
    return found


def _sought(run: str) -> list[tuple[str, bool]]:
    """The grams by which a run is looked for; with each, whether it is only the beginning of one."""
    if _IS_HAN.match(run):
        return [(run[at : at + 2], False) for at in range(len(run) - 1)] or [(run, True)]
    return [(run[:LONGEST_WORD], True)]


def _contains(column: Any, run: str) -> ColumnElement[bool]:
    """A run holds no character that LIKE knows."""
    if _IS_HAN.match(run):
        return column.contains(run)  # type: ignore[no-any-return]
    return column.contains(run if _is_number(run) else f" {run}")  # type: ignore[no-any-return]


def _subjects(kind: str, sought: tuple[str, bool]) -> Any:
    gram, is_beginning = sought
    mine = select(SearchGram.subject_id).where(SearchGram.kind == kind)
    if not is_beginning:
        return mine.where(SearchGram.gram == gram)
    begun = mine.where(SearchGram.gram >= gram, SearchGram.gram < f"{gram}\U0010ffff")
    if len(gram) == ENDING or not _is_number(gram):
        return begun
    return union_all(begun, mine.where(SearchGram.gram == gram[-ENDING:]))  # an OR would read every gram


def _is_number(run: str) -> bool:
    return len(run) >= ENDING and run.isdecimal()


def _count(session: Session, kind: str, sought: tuple[str, bool]) -> int:
    """How many there are, counted no further than it matters."""
    return session.scalar(select(func.count()).select_from(_subjects(kind, sought).limit(COMMON).subquery())) or 0

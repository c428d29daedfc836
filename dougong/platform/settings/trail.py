"""The audit trail as a page and as a file: who did what, when."""

from collections.abc import Iterator
from typing import Any

from flask import Response, render_template, request
from sqlalchemy import Select, or_, select

from ..access import needs
from ..audit import Audit
from ..messages import catalogue, language, pick, t, worded
from ..paging import asked_page, paged
from ..sheets import attachment, capped, write_csv
from ..store import db
from ..web import when
from ._common import settings

MOST = 20_000


@settings.get("/audit")
@needs("audit.see")
def audit() -> str:
    asked = _asked()
    page = paged(_wanted(asked).order_by(Audit.at.desc(), Audit.id.desc()), asked_page(), 50)
    known = {name: _known(column) for name, column in (("who", Audit.who), ("verb", Audit.verb), ("subject", Audit.subject))}
    return render_template(
        "settings/audit.html", page=page, asked=asked, known=known, details=details, subject=subject_words, verb=verb_words
    )


@settings.get("/audit.csv")
@needs("audit.see")
def export_audit() -> Response:
    """What the page shows, with the same filters."""
    header = [t(f"audit.{name}") for name in ("at", "by", "what", "subject", "title_of", "id", "detail")]
    body = write_csv(header, capped(_rows(), MOST, t("export.cut", n=MOST)))
    answer = Response(body, mimetype="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = attachment(f"{t('settings.audit')}.csv")
    return answer


def _rows() -> Iterator[list[str]]:
    for one in db.session.scalars(_wanted(_asked()).order_by(Audit.at.desc(), Audit.id.desc()).limit(MOST + 1)):
        words = "; ".join(details(one.detail))
        yield [
            when(one.at, "long"),
            one.who,
            verb_words(one.verb),
            subject_words(one.subject),
            pick(one.title),
            one.subject_id or "",
            words,
        ]


def verb_words(verb: str) -> str:
    return t(f"audit.{verb}")


def subject_words(subject: str) -> str:
    """Of a definition: its kind, as everywhere."""
    return next((t(code) for code in (f"kind.{subject}", f"audit.subject.{subject}") if code in catalogue()), subject)


def details(detail: dict[str, Any]) -> list[str]:
    """What an entry says beside its verb, in words: each change, each number."""
    joint = "：" if language().startswith("zh") else ": "
    found = []
    for name, value in detail.items():
        if name == "changes":
            found += [f"{_worded(one['field'])}{joint}{_worded(one['was'])} → {_worded(one['now'])}" for one in value]
        elif f"audit.detail.{name}" in catalogue():
            found.append(f"{t(f'audit.detail.{name}')}{joint}{_worded(value)}")
    return found


def _worded(value: Any) -> str:
    if isinstance(value, list):
        return ("、" if language().startswith("zh") else ", ").join(_worded(one) for one in value) or "—"
    return worded(value, language()) or "—"


def _asked() -> dict[str, str]:
    names = ("who", "verb", "subject")
    return {"text": request.args.get("q", "").strip()[:100], **{name: request.args.get(name, "")[:120] for name in names}}


def _wanted(asked: dict[str, str]) -> Select[Any]:
    wanted = select(Audit)
    for name in ("who", "verb", "subject"):
        if asked[name]:
            wanted = wanted.where(getattr(Audit, name) == asked[name])
    if text := asked["text"]:
        titles = (Audit.title[tag].as_string().icontains(text, autoescape=True) for tag in ("zh-Hans", "en"))
        wanted = wanted.where(or_(*titles, Audit.who.icontains(text, autoescape=True), Audit.subject_id == text))
    return wanted


def _known(column: Any) -> list[str]:
    return list(db.session.scalars(select(column).distinct().order_by(column).limit(500)))

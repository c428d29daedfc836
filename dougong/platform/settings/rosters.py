"""Files of units and of members, in and out."""

from typing import Any

from flask import Response, flash, g, redirect, render_template, request, url_for

from .. import accounts, audit, password_links, roster
from ..access import needs
from ..messages import t
from ..people import Member
from ..roster import COLUMNS, Done, Wrong
from ..sheets import BY_HAND, SheetError, attachment, write_csv
from ..store import db, transaction
from ..workbook import XLSX, write_xlsx
from ._common import settings

PAGES = {"units": "settings.index", "members": "settings.members"}


@settings.get("/import/<any(units, members):what>")
@needs("org.manage")
def bring(what: str) -> str:
    return _asked(what)


@settings.post("/import/<any(units, members):what>")
@needs("org.manage")
def brought(what: str) -> Any:
    """All rows or none. Links of who is new to the platform are on this answer and never again."""
    given = request.files.get("file")
    if given is None or not given.filename:
        return _asked(what, {"code": "file.none", "params": {}}), 422
    try:
        lines = roster.read(given.read(BY_HAND.size + 1), given.filename[:200], what)
        done = (roster.bring_units if what == "units" else roster.bring_members)(g.who, lines)
    except SheetError as wrong:
        return _asked(what, {"code": wrong.code, "params": wrong.params}), 422
    except Wrong as wrong:
        return _asked(what, wrong=wrong.lines), 422
    notice = t(f"org.brought.{what}", **{one: done.counts[one] for one in ("added", "changed", "same")})
    if done.fresh:
        return render_template("settings/links.html", notice=notice, people=_links(done))
    flash(notice)
    return redirect(url_for(PAGES[what]))


@settings.get("/<any(units, members):what>.<any(xlsx, csv):ending>")
@needs("org.manage")
def taken_out(what: str, ending: str) -> Response:
    """What there is, as it is read in again; of an empty company the headings."""
    title, header = t(f"settings.{'index' if what == 'units' else what}"), roster.headings(what)
    rows = list(roster.units() if what == "units" else roster.members())
    body = write_csv(header, rows) if ending == "csv" else write_xlsx(title, header, rows)
    answer = Response(body, mimetype="text/csv; charset=utf-8" if ending == "csv" else XLSX)
    answer.headers["Content-Disposition"] = attachment(f"{title}.{ending}")
    return answer


def _asked(what: str, error: Any = None, wrong: Any = ()) -> str:
    titles = dict(zip(COLUMNS[what], roster.headings(what), strict=True))
    return render_template("settings/import.html", what=what, titles=titles, error=error, wrong=wrong, home=PAGES[what])


def _links(done: Done) -> list[tuple[str, str, str]]:
    """Name, e-mail address, and the link to choose a password by."""
    with transaction(g.who.tenant_id) as session:
        for member_id, _ in done.fresh:
            member = session.get_one(Member, (g.who.tenant_id, member_id))
            audit.record(session, g.who, "link_made", "member", member.id, member.name)
    found = [db.session.get_one(accounts.Account, account_id) for _, account_id in done.fresh]
    return [(one.name, one.email, password_links.make(one, password_links.INVITATION, "hand")) for one in found]

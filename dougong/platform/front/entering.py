"""From the first factor to a session: the one way in, whatever was shown first."""

from flask import g, redirect, session, url_for
from werkzeug.wrappers import Response

from .. import accounts, links, second_factor, sessions, witness
from ..accounts import Account
from ..languages import NAMES

HALF = "half"  # in the cookie: who has shown a first factor and still owes a second


def proceed(account: Account, onward: str | None, how: str) -> Response:
    """A session, or the question for a second factor where there is one or a company demands one."""
    had = second_factor.is_had(account.id)
    if not had and not second_factor.demanding(account.id):
        return enter(account, onward, how)
    session[HALF] = links.sign("factor", account=account.id, stamp=account.stamp)
    return redirect(url_for("front.show_code" if had else "front.enrol_first", next=onward))


def enter(account: Account, onward: str | None, how: str) -> Response:
    """The session begins. `how` is what was shown last: "password", "totp", "recovery", "provider"."""
    sessions.begin(account.id)
    witness.tell(account.id, "signed_in", how={"code": f"how.{how}", "params": {}})
    if "language" not in session and account.language in NAMES:
        session["language"] = account.language
    return redirect(onward or url_for("front.home"))


def half_in() -> Account | None:
    """Whose first factor was shown in this browser a moment ago, and whose password is still the same."""
    shown = links.opened("factor", session.get(HALF, ""))
    account = accounts.by_id(shown["account"]) if shown and g.account is None else None
    return account if account and shown and account.stamp == shown["stamp"] else None

"""Letting members in: invitations, a link to choose a password by, a second factor turned off when the telephone is lost.

What opens an account opens it in every company it belongs to: an administrator holds such a link in his own hands only for an
account that is his company's alone. By mail it reaches its owner, whoever that is.
"""

from typing import Any

from flask import abort, flash, g, render_template
from sqlalchemy import select

from .. import accounts, audit, joining, mail, password_links, second_factor
from ..access import ROLES, needs
from ..messages import t
from ..organisation import Refused
from ..people import Member
from ..store import db, transaction
from ._common import back, given, settings
from .members import given_roles, page_of


@settings.post("/members")
@needs("org.manage")
def invite() -> Any:
    """Who has no account yet gets a link to choose a password by: mailed, or shown on this answer and never again."""
    draft: dict[str, Any] = {"email": given("email"), "name": given("name"), "roles": given_roles()}
    try:
        invited = joining.invite(g.who, draft["email"], draft["name"], draft["roles"])
    except Refused as refused:
        db.session.rollback()
        return render_template("settings/invite.html", draft=draft, errors=refused.errors, roles=ROLES), 422
    if invited.fresh:
        return _hand_over(invited.account_id, invited.member_id, password_links.INVITATION)
    flash(t("members.joined", name=invited.name))
    return back(".member", member_id=invited.member_id)


@settings.post("/members/<member_id>/link")
@needs("org.manage")
def password_link(member_id: str) -> Any:
    member = _active(member_id)
    return _hand_over(member.account_id, member.id, password_links.FORGOTTEN)


@settings.post("/members/<member_id>/remove-factor")
@needs("org.manage")
def remove_member_factor(member_id: str) -> Any:
    member = _active(member_id)
    if not second_factor.is_had(member.account_id):
        abort(404)
    account = accounts.by_id(member.account_id) or abort(404)
    if fault := password_links.hand_over_fault(account, g.who.tenant_id):
        return _refused(member.id, fault)
    second_factor.remove(account.id)
    _told("factor_removed", member.id)
    flash(t("members.factor_removed", name=member.name))
    return back(".member", member_id=member.id)


def _hand_over(account_id: str, member_id: str, purpose: str) -> Any:
    """By mail where there is mail, else shown once to the administrator."""
    account = accounts.by_id(account_id) or abort(404)
    not_mailed = False
    if mail.is_configured():
        try:
            password_links.send(account, purpose, g.tenant.name)
        except mail.MailFailed:
            not_mailed = True
        else:
            _told("link_mailed", member_id)
            flash(t("members.link_mailed", email=account.email))
            return back(".member", member_id=member_id)
    if fault := password_links.hand_over_fault(account, g.who.tenant_id):
        return _refused(member_id, fault)
    _told("link_made", member_id)
    link = password_links.make(account, purpose, "hand")
    return render_template("settings/link.html", account=account, member_id=member_id, link=link, not_mailed=not_mailed)


def _refused(member_id: str, fault: str) -> Any:
    return page_of(member_id, {"access": {"code": fault, "params": {}}}), 422


def _told(verb: str, member_id: str) -> None:
    with transaction(g.who.tenant_id) as session:
        member = session.scalars(select(Member).where(Member.id == member_id)).one()
        audit.record(session, g.who, verb, "member", member.id, member.name)


def _active(member_id: str) -> Member:
    return db.session.scalar(select(Member).where(Member.id == member_id, Member.active)) or abort(404)

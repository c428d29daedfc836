"""The second factor: asked for at the door, enrolled there where a company demands it, and managed on one's account page."""

from typing import Any

from flask import abort, flash, g, redirect, render_template, request, session, url_for

from .. import accounts, cipher, second_factor, throttle, witness
from ..access import public, signed_in
from ..accounts import Account
from ..messages import t
from . import mine
from ._common import front, given, local
from .entering import enter, half_in

PENDING = "enrol"  # in the cookie: the sealed secret of an enrolment that is not confirmed


@front.route("/sign-in/code", methods=["GET", "POST"])
@public
def show_code() -> Any:
    account = half_in()
    if account is None or not second_factor.is_had(account.id):
        return redirect(url_for(".sign_in"))
    if request.method != "POST":
        return render_template("front/code.html")
    if minutes := throttle.count("factor", account.id):
        return render_template("front/code.html", wrong=_often(minutes)), 429
    how = second_factor.take(account.id, given("code"))
    if how is None:
        witness.tell(account.id, "factor_failed")
        return render_template("front/code.html", wrong={"code": "factor.wrong", "params": {}}), 422
    throttle.forget("factor", account.id)
    answer = enter(account, local(request.args.get("next")), how)
    if how == "recovery":
        flash(t("factor.codes_left", count=second_factor.codes_left(account.id)))
    return answer


@front.route("/sign-in/enrol", methods=["GET", "POST"])
@public
def enrol_first() -> Any:
    """A company demands it: no session begins before there is a second factor."""
    account = half_in()
    if account is None or second_factor.is_had(account.id):
        return redirect(url_for(".sign_in"))
    companies = second_factor.demanding(account.id)
    if request.method != "POST":
        return _enrol_page(account, companies=companies)
    codes, errors, status = _enrolled(account, {}, None)
    if codes is None:
        return _enrol_page(account, errors, companies=companies), status
    onward = local(request.args.get("next")) or url_for(".home")
    enter(account, None, "totp")
    return render_template("front/recovery.html", codes=codes, onward=onward)


@front.route("/account/factor", methods=["GET", "POST"])
@signed_in
def enrol() -> Any:
    account = _me()
    if second_factor.is_had(account.id):
        return redirect(url_for(".account", _anchor="factor"))
    if request.method != "POST":
        return _enrol_page(account)
    codes, errors, status = _enrolled(account, mine.wrong_password("password"), g.account.session_id)
    if codes is None:
        return _enrol_page(account, errors), status
    return render_template("front/recovery.html", codes=codes, onward=url_for(".account", _anchor="factor"))


@front.post("/account/factor/codes")
@signed_in
def renew_codes() -> Any:
    """Ten new recovery codes; the old ones are worth nothing."""
    if not second_factor.is_had(g.account.id):
        abort(404)
    if errors := mine.wrong_password("factor_password"):
        return mine.page(errors), 422
    codes = second_factor.renew_codes(g.account.id)
    witness.tell(g.account.id, "codes_renewed")
    return render_template("front/recovery.html", codes=codes, onward=url_for(".account", _anchor="factor"))


@front.post("/account/factor/remove")
@signed_in
def remove_factor() -> Any:
    if not second_factor.is_had(g.account.id):
        abort(404)
    if companies := second_factor.demanding(g.account.id):
        return mine.page({"factor_password": {"code": "factor.demanded", "params": {"company": companies[0].name}}}), 422
    if errors := mine.wrong_password("factor_password"):
        return mine.page(errors), 422
    second_factor.remove(g.account.id, stays=g.account.session_id)
    witness.tell(g.account.id, "factor_removed")
    flash(t("factor.removed"))
    return redirect(url_for(".account", _anchor="factor"))


def _enrolled(account: Account, errors: dict[str, Any], stays: str | None) -> tuple[list[str] | None, dict[str, Any], int]:
    """The recovery codes, or what is wrong and the status to say it with."""
    if minutes := throttle.count("factor", account.id):
        return None, {**errors, "code": _often(minutes)}, 429
    codes = None if errors else second_factor.enrol(account.id, _pending(account), given("code").replace(" ", ""), stays)
    if codes is None:
        return None, errors or {"code": {"code": "factor.wrong", "params": {}}}, 422
    throttle.forget("factor", account.id)
    session.pop(PENDING, None)
    witness.tell(account.id, "factor_enrolled")
    return codes, {}, 200


def _enrol_page(account: Account, errors: dict[str, Any] | None = None, **more: Any) -> str:
    secret = _pending(account)
    spaced = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    address = second_factor.address_of(secret, account.email)
    return render_template("front/enrol.html", address=address, secret=spaced, errors=errors or {}, **more)


def _pending(account: Account) -> str:
    """The secret that this browser is being shown: it stays the same until it is confirmed."""
    use = f"enrol:{account.id}"
    try:
        return cipher.unseal(use, session.get(PENDING, ""))
    except cipher.Unreadable:
        secret = second_factor.fresh_secret()
        session[PENDING] = cipher.seal(use, secret)
        return secret


def _me() -> Account:
    return accounts.by_id(g.account.id) or abort(404)


def _often(minutes: int) -> dict[str, Any]:
    return {"code": "account.too_often", "params": {"minutes": minutes}}

"""In and out: an e-mail address with its password, a second factor where there is one, and the session begins."""

from typing import Any

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from .. import accounts, sessions, throttle, witness
from ..access import public, signed_in
from ._common import front, given_email, local, secret
from .entering import proceed


@front.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Any:
    if request.method != "POST":
        return redirect(url_for(".home")) if g.account else _page(email=request.args.get("email", "")[:200])
    email, address = given_email(), request.remote_addr or ""
    minutes = max(throttle.count("account", email), throttle.count("address", address))
    if minutes:
        return _page(email=email, minutes=minutes), 429
    account = accounts.checked(email, secret("password"))
    if account is None:
        _failed(email)
        return _page(email=email, wrong=True), 422
    throttle.forget("account", email)
    throttle.give_back("address", address)
    onward = local(request.args.get("next"))
    return proceed(account, onward, "password")


@front.post("/sign-out")
@signed_in
def sign_out() -> Response:
    sessions.leave(g.account.session_id)
    return redirect(url_for(".sign_in"))


def _page(**known: Any) -> str:
    return render_template("front/sign_in.html", **known)


def _failed(email: str) -> None:
    account = accounts.by_email(email)
    if account:
        witness.tell(account.id, "sign_in_failed")
    else:
        witness.tell_stranger("sign_in_failed")

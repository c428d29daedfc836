"""A forgotten password, and the first one: a link by mail, or handed over by an administrator where there is no mail."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from .. import accounts, letters, mail, password_links, throttle
from ..access import public
from ..messages import t
from ._common import front, given_email, secret


@front.route("/sign-in/forgotten", methods=["GET", "POST"])
@public
def forgotten() -> Any:
    """The answer is the same, and as fast, whether or not there is such an account."""
    if request.method != "POST" or not mail.is_configured():
        return render_template("front/forgotten.html", by_mail=mail.is_configured())
    email = given_email()
    minutes = max(throttle.count("reset", email), throttle.count("reset_address", request.remote_addr or ""))
    if minutes:
        return render_template("front/forgotten.html", by_mail=True, email=email, minutes=minutes), 429
    letters.forgotten(email)
    return render_template("front/forgotten.html", by_mail=True, sent=email)


@front.route("/sign-in/<any(invitation, password):purpose>/<token>", methods=["GET", "POST"])
@public
def choose_password(purpose: str, token: str) -> Any:
    link = password_links.opened(purpose, token)
    if link is None:
        return render_template("front/link_over.html"), 410
    if request.method != "POST":
        return render_template("front/choose_password.html", link=link, errors={})
    fault = accounts.password_fault(link.account, secret("new"))
    if fault:
        return render_template("front/choose_password.html", link=link, errors={"new": fault}), 422
    if not accounts.set_password(link.account.id, secret("new"), stamp=link.stamp, proves=link.by == "mail"):
        abort(410)  # somebody else was faster with the same link
    throttle.forget("account", link.account.email)
    flash(t("account.password_chosen"))
    return redirect(url_for(".sign_in", email=link.account.email))

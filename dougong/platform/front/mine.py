"""One's own account: the password, the second factor, and the devices one is signed in on."""

from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from .. import accounts, second_factor, sessions, throttle, witness
from ..access import signed_in
from ..messages import t
from ..store import transaction
from ._common import front, secret

# The first sign that is found: most browsers also carry the names of others.
BROWSERS = (
    ("MicroMessenger", "WeChat"), ("wxwork", "WeCom"), ("DingTalk", "DingTalk"), ("Lark", "Feishu"), ("Edg", "Edge"),
    ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


@front.route("/account", methods=["GET", "POST"])
@signed_in
def account() -> Any:
    """Change one's password; other sessions end."""
    if request.method != "POST":
        return page()
    me = accounts.by_id(g.account.id)
    assert me is not None
    errors = {**wrong_password("old"), **_wrong_new(me, secret("new"))}
    if errors:
        return page(errors), 422
    accounts.set_password(me.id, secret("new"), stays=g.account.session_id)
    flash(t("account.password_changed"))
    return redirect(url_for(".account"))


@front.post("/account/devices/<session_id>/end")
@signed_in
def end_device(session_id: str) -> Response:
    if not sessions.end(session_id, g.account.id):
        abort(404)
    witness.tell(g.account.id, "devices_ended", count=1)
    flash(t("devices.ended"))
    return redirect(url_for(".account", _anchor="devices"))


@front.post("/account/devices/end-others")
@signed_in
def end_other_devices() -> Response:
    with transaction(None) as session:
        count = sessions.end_all(session, g.account.id, but=g.account.session_id)
    witness.tell(g.account.id, "devices_ended", count=count)
    flash(t("devices.others_ended", count=count))
    return redirect(url_for(".account", _anchor="devices"))


def page(errors: dict[str, Any] | None = None) -> str:
    return render_template(
        "front/account.html",
        errors=errors or {},
        devices=sessions.of_account(g.account.id),
        device_words=device_words,
        factor_had=second_factor.is_had(g.account.id),
        codes_left=second_factor.codes_left(g.account.id),
    )


def device_words(agent: str) -> str:
    """What a browser says of itself, in two words: a hint for people, never trusted."""
    found = [next((name for sign, name in known if sign in agent), "") for known in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, found)) or t("devices.unknown")


def wrong_password(field: str) -> dict[str, Any]:
    """What is wrong with the password one was asked for again: nothing, or a reason at its field."""
    if minutes := throttle.count("account", g.account.email):
        return {field: {"code": "account.too_often", "params": {"minutes": minutes}}}
    if accounts.checked(g.account.email, secret(field)) is None:
        return {field: {"code": "account.wrong_password", "params": {}}}
    throttle.forget("account", g.account.email)
    return {}


def _wrong_new(me: accounts.Account, password: str) -> dict[str, Any]:
    fault = accounts.password_fault(me, password)
    return {"new": fault} if fault else {}

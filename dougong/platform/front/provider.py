"""Signing in with a company's own account: to the provider and back."""

from typing import Any

from flask import abort, current_app, g, redirect, render_template, request, url_for

from .. import identities, oidc
from ..access import public
from ..oidc import NotSignedIn
from ..outbound import CallFailed
from ._common import front, local
from .entering import proceed


@front.get("/sign-in/with/<provider>")
@public
def with_provider(provider: str) -> Any:
    known = oidc.providers().get(provider) or abort(404)
    try:
        return redirect(oidc.begin(known, local(request.args.get("next"))))
    except (NotSignedIn, CallFailed, KeyError) as failed:
        return _refused(failed)


@front.get("/sign-in/back/<provider>")
@public
def back_from(provider: str) -> Any:
    known = oidc.providers().get(provider) or abort(404)
    if g.account:
        return redirect(url_for(".home"))
    try:
        somebody, onward = oidc.finish(known, request.args)
        account = identities.account_for(somebody)
    except (NotSignedIn, CallFailed, KeyError) as failed:
        return _refused(failed)
    return proceed(account, local(onward), "provider")


def _refused(failed: Exception) -> Any:
    code = failed.code if isinstance(failed, NotSignedIn) else "oidc.unreachable"
    current_app.logger.warning("a provider's answer was not taken: %s", failed)
    return render_template("front/sign_in.html", email="", refused=code), 422

"""What the pages of the settings share."""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

settings = Blueprint("settings", __name__, url_prefix="/t/<tenant>/settings")


def given(name: str, longest: int = 200) -> str:
    """What a form sent, without spaces around it."""
    return request.form.get(name, "").strip()[:longest]


def back(endpoint: str, **values: Any) -> Response:
    """To the page that the form stood on, where it says so."""
    known = {"unit": (".index", "unit"), "member": (".member", "member_id")}
    where, _, row_id = request.form.get("back", "").partition(":")
    if where in known:
        endpoint, name = known[where]
        values = {name: row_id[:36]}
    return redirect(url_for(endpoint, **values))

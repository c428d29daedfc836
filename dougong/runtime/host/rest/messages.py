"""Messages over the API: to whichever ticket waits for one, or will."""

from typing import Any

from flask import g

from dougong.platform.rest.errors import ApiError, Detail, answer
from dougong.platform.rest.shapes import Input, free, text
from dougong.platform.rest.shell import Room
from dougong.runtime.reason import Refused

from .. import mailbox

room = Room("messages", __name__, "Messages: what steps of tickets wait for, by name and key.")


class NewMessage(Input):
    name = text(40, 1, "payment_done", required=True, says="As the step that waits calls it.")
    key = text(200, load_default="", example="GD20260105001", says="Whom it is for: what the step’s formula comes to.")
    body = free({"amount": "300.00"}, load_default=dict, says="What it says.")


@room.operation("POST", "/messages", "tickets.work", body=NewMessage, status=204)
def send_message(asked: dict[str, Any]) -> None:
    """Send a message. It is kept until a ticket waits for it, and taken once."""
    mailbox.post(g.who.tenant_id, "api", "", asked["name"], asked["key"], asked["body"])


@room.when(Refused)
def refused(error: Refused) -> Any:
    return answer(ApiError(422, "api.422", details=[Detail(error.reason.code, error.path, error.reason.params)]))

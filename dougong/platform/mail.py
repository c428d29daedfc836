"""The platform's own mail, for what must reach the owner of an address: invitations and links to set a password.

The operator names a server, DOUGONG_MAIL=smtp://user:password@mail.example:587 (STARTTLS) or smtps://…:465, and a sender,
DOUGONG_MAIL_FROM. Without a server nothing is sent, and whoever invites hands the link over himself.
"""

import smtplib
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

from flask import current_app

from .outbound import trusted

SECONDS = 10


class MailFailed(Exception):
    """The server did not take it."""


def is_configured() -> bool:
    return bool(current_app.config["MAIL"])


def post(to: str, subject: str, body: str, message_id: str | None = None) -> None:
    """Raises MailFailed."""
    letter = written(current_app.config["MAIL_FROM"], to, subject, body, message_id or make_msgid(domain="dougong"))
    try:
        with _server() as server:
            server.send_message(letter)
    except (OSError, smtplib.SMTPException) as error:
        current_app.logger.warning("mail was not taken: %s", type(error).__name__)
        raise MailFailed from error


def written(sender: str, to: str, subject: str, body: str, message_id: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, Address(addr_spec=to), subject
    letter["Date"], letter["Message-ID"] = formatdate(localtime=False), message_id
    letter.set_content(body)
    return letter


def _server() -> smtplib.SMTP:
    """Signed in to where it says so, and never with a password over a line that others can read."""
    parts = urlsplit(current_app.config["MAIL"])
    host = parts.hostname or "localhost"
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=SECONDS, context=trusted())
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=SECONDS)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=trusted())
        elif parts.username:
            raise smtplib.SMTPNotSupportedError("a password is only sent over TLS")
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server

"""Mail by a tenant's own server. Its address is the tenant's choice, so it goes through the door: judged, pinned, in time."""

import smtplib
import socket
from threading import Timer
from typing import Any, Final

from . import outbound
from .mail import written
from .outbound import CallFailed

SECURITIES: Final = ("ssl", "starttls", "none")
SECONDS: Final = 10  # for one answer
WHOLE_SECONDS: Final = 30  # for all of a letter


class _Plain(smtplib.SMTP):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return outbound.connect(host, port, timeout, outbound.MAIL_PORTS)


class _Tls(smtplib.SMTP_SSL):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self.context.wrap_socket(outbound.connect(host, port, timeout, outbound.MAIL_PORTS), server_hostname=host)


def send(server: dict[str, Any], password: str, to: str, subject: str, body: str, letter_id: str) -> None:
    """`server`: host, port, security, user, sender. Raises CallFailed. A letter that is sent twice has the same Message-ID."""
    letter = written(server["sender"], to, subject, body, f"<{letter_id}@dougong>")
    host, post = (
        server["host"],
        _Tls(timeout=SECONDS, context=outbound.trusted()) if server["security"] == "ssl" else _Plain(timeout=SECONDS),
    )
    watch = Timer(WHOLE_SECONDS, _hang_up, (post,))
    watch.start()
    try:
        post._host = host  # type: ignore[union-attr]  # the name that STARTTLS checks the certificate for
        post.connect(host, int(server["port"]))
        if server["security"] == "starttls":
            post.starttls(context=outbound.trusted())
        if server["user"]:
            post.login(server["user"], password)
        post.send_message(letter)
        post.quit()
    except smtplib.SMTPAuthenticationError:
        raise CallFailed("channels.wrong_password", host=host) from None
    except smtplib.SMTPResponseException as error:
        raise CallFailed("channels.answered", status=error.smtp_code) from None
    except (OSError, smtplib.SMTPException):
        raise CallFailed("outbound.unreachable", host=host) from None
    finally:
        watch.cancel()
        post.close()


def _hang_up(post: smtplib.SMTP) -> None:
    if post.sock is not None:
        post.sock.shutdown(socket.SHUT_RDWR)

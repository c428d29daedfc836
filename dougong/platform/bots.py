"""Messages to chat bots, SMS gateways and plain addresses, by Apprise; every request of its plugins goes through our door.

The plugins named here call the library `requests` by its name and nothing else that reaches the network (a test reads them).
In their modules, and nowhere else, that name means `_Door`: it builds the request, hands it to `outbound.call` and gives the
answer back in the shape they know. What else of `requests` they might ask for is not there (docs/decisions/0006).
"""

import json
import logging
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any, Final

import requests
from apprise.exception import AppriseException
from apprise.plugins.base import NotifyBase

from . import outbound
from .outbound import CallFailed

SERVICES: Final = {  # module of apprise.plugins: its class
    "wecombot": "NotifyWeComBot", "dingtalk": "NotifyDingTalk", "feishu": "NotifyFeishu", "lark": "NotifyLark",
    "custom_json": "NotifyJSON", "twilio": "NotifyTwilio", "vonage": "NotifyVonage", "sinch": "NotifySinch",
    "clicksend": "NotifyClickSend", "messagebird": "NotifyMessageBird", "bulksms": "NotifyBulkSMS",
}  # fmt: skip
SHOWN: Final = {  # the beginning of what a service shows for its bot: what Apprise calls it
    "https://oapi.dingtalk.com/robot/send?access_token=": "dingtalk://",
    "https://open.feishu.cn/open-apis/bot/v2/hook/": "feishu://",
    "https://open.larksuite.com/open-apis/bot/v2/hook/": "lark://",
}
LET_THROUGH: Final = ("RequestException", "codes")  # of `requests`, what does not call anybody
logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it logs addresses with their tokens


class _Door(ModuleType):
    """Stands for the module `requests`."""

    def __getattr__(self, name: str) -> Any:
        if name not in LET_THROUGH:
            raise AttributeError(f"a plugin asks for requests.{name}")
        return getattr(requests, name)

    def request(
        self, method: str, url: str, *, params: Any = None, data: Any = None, json: Any = None, headers: Any = None,
        auth: Any = None, files: Any = None, **ignored: Any,
    ) -> requests.Response:  # fmt: skip
        """Certificates are always checked and times are ours, whatever a plugin was told by its address."""
        asked = requests.Request(method, url, headers, files, data, params, auth, json=json).prepare()
        body = asked.body.encode() if isinstance(asked.body, str) else asked.body if isinstance(asked.body, bytes) else b""
        sent = {str(name): str(value) for name, value in asked.headers.items() if str(name).lower() != "content-length"}
        answer = outbound.call(asked.method or method, asked.url or url, sent, body)
        if answer.status >= 400:
            raise CallFailed("channels.answered", status=answer.status)
        _heard(answer.body)
        given = requests.Response()
        given.status_code, given._content, given.url, given.encoding = answer.status, answer.body, answer.url, "utf-8"
        given.headers.update(answer.headers)
        return given

    def post(self, url: str, data: Any = None, json: Any = None, **more: Any) -> requests.Response:
        return self.request("POST", url, data=data, json=json, **more)

    def get(self, url: str, params: Any = None, **more: Any) -> requests.Response:
        return self.request("GET", url, params=params, **more)


def check(address: str) -> None:
    """Raises CallFailed where it is no address of a service that we know."""
    _opened(address)


def send(address: str, title: str, text: str) -> None:
    """Raises CallFailed where the service cannot be reached or says no. It may have been told all the same."""
    if not _opened(address).notify(body=text, title=title):
        raise CallFailed("channels.refused", said="—")


def _opened(address: str) -> NotifyBase:
    """Its own class reads an address, be it Apprise's ("wecombot://key") or the one that the service shows."""
    for shown, schema in SHOWN.items():
        if address.startswith(shown):
            address = schema + address.removeprefix(shown)
    for plugin in _plugins():
        schemas = {*_listed(plugin.protocol), *_listed(plugin.secure_protocol)}
        own = address.partition("://")[0].lower() in schemas
        try:
            found = plugin.parse_url(address) if own else plugin.parse_native_url(address)
            if found:
                made: NotifyBase = plugin(**found)
                return made
        except (AppriseException, TypeError, ValueError):
            break
    raise CallFailed("channels.no_address")


@cache
def _plugins() -> tuple[Any, ...]:
    found = []
    for name, kind in SERVICES.items():
        module: Any = import_module(f"apprise.plugins.{name}")
        module.requests = _Door("requests")
        found.append(getattr(module, kind))
    return tuple(found)


def _listed(schema: Any) -> tuple[str, ...]:
    return schema if isinstance(schema, tuple) else (schema,) if schema else ()


def _heard(body: bytes) -> None:
    """The bots of WeCom, DingTalk and Feishu answer 200 and say within that they did not take it."""
    try:
        said = json.loads(body)
    except ValueError:
        return
    if isinstance(said, dict) and (wrong := said.get("errcode") or (said.get("code") if "msg" in said else 0)):
        raise CallFailed("channels.refused", said=f"{wrong} {said.get('errmsg') or said.get('msg') or ''}"[:200])

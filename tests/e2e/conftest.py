"""The platform in a real browser: a server of its own for every module, people who sign in, and no error left unseen."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from dougong import create_app, demo
from dougong.platform import serving
from dougong.runtime.host import definitions, worker
from tests.cast import close, make_home
from tests.e2e.behind import Behind
from tests.e2e.provide_browser import executable
from tests.stores import Template

QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PATIENCE = 15.0  # seconds for a server that was told to stop
expect.set_options(timeout=15_000)  # as for what is done on a page: a busy machine is no fault
PERMITTED = ("status of 422", "status of 409", "status of 404")  # what a page is meant to answer to wrong input


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    found = {**browser_type_launch_args, "args": [*browser_type_launch_args.get("args", []), *QUIET]}
    path = executable()
    return {**found, "executable_path": path} if path else found


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_home(Template(tmp_path_factory.mktemp("template"))).home


@pytest.fixture(scope="module")
def home(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(template, tmp_path_factory.mktemp("e2e") / "home")


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[str]:
    """The address of a running platform, with its worker."""
    definitions.forget()
    app = create_app({"HOME": home, "RATELIMIT_ENABLED": False})
    found = serving.listening(app, "127.0.0.1", 0)
    stop = threading.Event()
    threads = [
        threading.Thread(target=serving.serve, args=(found, stop, PATIENCE), daemon=True),
        threading.Thread(target=worker.run, args=(app, stop), daemon=True),
    ]
    for thread in threads:
        thread.start()
    app.config["PUBLIC_URL"] = f"http://127.0.0.1:{found.effective_port}"
    yield app.config["PUBLIC_URL"]
    stop.set()
    for thread in threads:  # else one would write to a number that is by then the next server's database
        thread.join(2 * PATIENCE)
        assert not thread.is_alive()
    close(app)


@pytest.fixture(scope="module")
def behind(server: str, home: Path) -> Iterator[Behind]:
    """What the server has afterwards, and staff who work without a browser."""
    found = Behind(home)
    yield found
    found.leave()


@pytest.fixture(scope="module")
def sessions() -> dict[str, Any]:
    """The sessions of those who have signed in to this server: nobody does it twice."""
    return {}


class Person:
    """Somebody at a browser of his own."""

    def __init__(self, context: BrowserContext, server: str) -> None:
        self.server = server
        self.page: Page = context.new_page()
        self.wrong: list[str] = []
        self.permitted = PERMITTED
        self.page.on("pageerror", lambda error: self.wrong.append(f"page error: {error}"))
        self.page.on("console", self._said)
        self.page.on("request", self._asked)

    def permit(self, *words: str) -> None:
        """What the console may also say here: this test makes it so."""
        self.permitted += words

    def _said(self, message: Any) -> None:
        if message.type == "error" and not any(words in message.text for words in self.permitted):
            self.wrong.append(f"console: {message.text}")

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.server, "data:", "blob:")):
            self.wrong.append(f"outside request: {request.url}")

    def go(self, path: str) -> Page:
        self.page.goto(self.server + path)
        return self.page

    def sign_in(self, name: str) -> "Person":
        email = next(one["email"] for one in demo.ACCOUNTS if one["email"].startswith(f"{name}@"))
        self.go("/sign-in")
        self.page.locator("[name=email]").fill(email)
        self.page.locator("[name=password]").fill(demo.PASSWORD)
        self.page.locator("button.primary").click()
        self.page.wait_for_url("**/inbox*")
        return self


@pytest.fixture
def somebody(browser: Browser, server: str, sessions: dict[str, Any]) -> Iterator[Callable[..., Person]]:
    """somebody("bob", language="en", width=390): signed in; without a name a stranger. Every error fails the test."""
    people: list[tuple[Person, BrowserContext]] = []

    def come(name: str | None = None, language: str = "zh", width: int = 1440, height: int = 900, **options: Any) -> Person:
        locale = {"zh": "zh-CN", "en": "en-GB"}[language]
        size: Any = {"width": width, "height": height}
        context = browser.new_context(viewport=size, locale=locale, reduced_motion="reduce", **options)
        context.set_default_timeout(15_000)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        person = Person(context, server)
        people.append((person, context))
        if name in sessions:
            context.add_cookies(sessions[name])
        elif name:
            person.sign_in(name)
            sessions[name] = context.cookies()
        return person

    yield come
    wrong = [words for person, _ in people for words in person.wrong]
    for _, context in people:
        context.close()
    assert wrong == []


@pytest.fixture
def shot() -> Callable[[Page, str], None]:
    """Keep a picture of the page under docs/screenshots, when they are being taken (SHOTS says where)."""
    folder = os.environ.get("SHOTS")

    def take(page: Page, name: str, **options: Any) -> None:
        if folder:
            path = Path(folder) / f"{name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                page.screenshot(path=path, **options)
            except Error:  # "unable to capture": the browser had no frame ready on a loaded machine
                page.wait_for_timeout(500)
                page.screenshot(path=path, **options)

    return take

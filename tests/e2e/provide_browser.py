"""Finds a browser for the tests, or brings one: the machine's chromium or chrome, else Playwright's own, else apt.

Run as a script it makes sure that there is one; `executable()` answers its path, None where Playwright knows its own.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
ELSEWHERE = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
)
PACKAGES = ("chromium", "fonts-noto-cjk")


def executable() -> str | None:
    """The machine's own browser. CHROMIUM_PATH says which, where there are several."""
    named = os.environ.get("CHROMIUM_PATH")
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return named or found or next((path for path in ELSEWHERE if Path(path).exists()), None)


def provide() -> None:
    if executable() or _own():
        _fonts()
        return
    print("no browser here: trying Playwright's own", flush=True)
    tried = subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if tried.returncode == 0 and _own():
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("installing Debian's chromium", flush=True)
        _apt(*PACKAGES)
    if not executable():
        sys.exit("The browser tests need chromium or chrome: install the package chromium (and fonts-noto-cjk).")


def _own() -> bool:
    """Has Playwright a browser of its own?"""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def _fonts() -> None:
    """Without a Chinese face the screenshots would show boxes; the tests run either way."""
    if not shutil.which("fc-list"):
        return
    listed = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False).stdout
    if listed == "" and shutil.which("apt-get") and os.geteuid() == 0:
        _apt("fonts-noto-cjk")


def _apt(*packages: str) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=False, env=quiet)
    subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], check=False, env=quiet)


if __name__ == "__main__":
    provide()

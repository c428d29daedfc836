"""`python -m dougong`: what it answers, in words and in JSON, and with which exit code."""

import json
import os
import re
import resource
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from dougong.__main__ import main
from dougong.demo import PASSWORD

ROOT = Path(__file__).parents[1]
PACK = ROOT / "packs" / "appliance_repair.json"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def run(home: Path, *words: str) -> tuple[int, str]:
    """Within this process: a start of Python for each command would take most of the time."""
    done = CliRunner().invoke(main, words, env={"DOUGONG_HOME": str(home)})
    return done.exit_code, done.output


def run_apart(home: Path, *words: str) -> tuple[int, str]:
    """As it is run in life."""
    done = subprocess.run(
        [sys.executable, "-m", "dougong", *words],
        cwd=ROOT, env={**os.environ, "DOUGONG_HOME": str(home)}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def asked(home: Path, *words: str) -> tuple[int, Any]:
    code, out = run(home, *words, "--json")
    return code, json.loads(out.splitlines()[-1])


def test_it_runs_as_a_process_of_its_own(home: Path) -> None:
    assert run_apart(home, "check", str(PACK))[0] == 0
    code, said = run_apart(home, "check", "missing.json")
    assert code == 2 and "missing.json" in said and "Traceback" not in said


def test_check_says_ok_or_where_it_is_wrong(home: Path, tmp_path: Path) -> None:
    assert asked(home, "check", str(PACK)) == (0, {"ok": True, "problems": []})
    pack = json.loads(PACK.read_bytes())
    workflow = next(item for item in pack["items"] if item["key"] == "repair")
    workflow["edges"] = workflow["edges"][1:]
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps(pack, ensure_ascii=False), "utf-8")
    code, found = asked(home, "check", str(wrong))
    assert code == 1 and any(problem["code"] == "check.unreachable" and problem["nodes"] for problem in found["problems"])
    wrong.write_text("{", "utf-8")
    assert run(home, "check", str(wrong))[0] == 1
    assert run(home, "check", "missing.json")[0] == 2


def test_play_tells_how_a_story_goes(home: Path) -> None:
    code, found = asked(home, "play", str(PACK), "good_rating")
    assert (code, found["ok"], found["status"], found["result"]) == (0, True, "done", "completed")
    assert found["visited"][0] == "start" and found["data"]["visit_fee"] == "144.00"
    assert run(home, "play", str(PACK), "no such story")[0] == 2


def test_a_pack_travels_between_tenants_as_the_same_bytes(home: Path, tmp_path: Path) -> None:
    assert asked(home, "pack", "inspect", str(PACK))[1]["canonical"] is True
    for slug in ("north", "south"):
        assert asked(home, "tenant", "create", slug, slug.title())[0] == 0
    assert asked(home, "tenant", "create", "north", "Again")[0] == 1
    code, preview = asked(home, "pack", "import", "north", str(PACK), "--dry-run")
    assert code == 0 and {item["what"] for item in preview["items"]} == {"add"}
    assert asked(home, "pack", "import", "north", str(PACK))[0] == 0
    out = tmp_path / "out.json"
    assert asked(home, "pack", "export", "north", "appliance_repair", "--out", str(out))[0] == 0
    assert out.read_bytes() == PACK.read_bytes()
    assert asked(home, "pack", "import", "south", str(out))[0] == 0
    assert run(home, "pack", "import", "nowhere", str(PACK))[0] == 2
    out.write_bytes(PACK.read_bytes()[:-100])
    assert asked(home, "pack", "inspect", str(out))[0] == 1


def test_somebody_invited_gets_a_password_once(home: Path) -> None:
    asked(home, "tenant", "create", "north", "North")
    code, found = asked(home, "user", "invite", "north", "eva@north.example", "Eva", "--role", "designer")
    assert code == 0 and len(found["password"]) >= 8
    assert asked(home, "user", "invite", "north", "eva@north.example", "Eva")[0] == 1
    asked(home, "tenant", "create", "south", "South")
    assert asked(home, "user", "invite", "south", "eva@north.example", "Eva")[1]["password"] is None


def test_the_operator_makes_a_link_for_who_is_locked_out(home: Path) -> None:
    asked(home, "tenant", "create", "north", "North")
    asked(home, "user", "invite", "north", "eva@north.example", "Eva")
    code, found = asked(home, "user", "link", "eva@north.example", "--without-factor")
    assert code == 0 and found["link"].startswith("http://127.0.0.1:8000/sign-in/password/")
    assert asked(home, "user", "link", "nobody@north.example")[0] == 1


def test_serve_loads_the_demo_keeps_what_was_done_and_starts_again_fast(home: Path) -> None:
    port = _free_port()
    first = _serve(home, port)
    try:
        begun = _wait(port)
        assert b"Dougong" in begun or "斗拱".encode() in begun
        assert _signs_in(port, "alice@acme.example")
    finally:
        first.terminate()
        out = first.communicate(timeout=60)[0]
    assert "alice@acme.example" in out and "dougong-demo" in out
    database = (home / "dougong.db").stat().st_ino
    before = _cpu_of_children()
    second = _serve(home, port)
    try:
        _wait(port)
    finally:
        second.terminate()
        second.communicate(timeout=60)
    assert _cpu_of_children() - before < 6 and (home / "dougong.db").stat().st_ino == database


def test_a_port_that_is_taken_is_said_plainly(home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        code, out = run_apart(home, "serve", "--port", str(other.getsockname()[1]))
    assert code != 0 and "taken" in out


def _serve(home: Path, port: int) -> "subprocess.Popen[str]":
    env = {**os.environ, "DOUGONG_HOME": str(home), "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "dougong", "serve"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _wait(port: int) -> bytes:
    for _ in range(900):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=2) as answer:
                return bytes(answer.read())
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not answer")


def _signs_in(port: int, email: str) -> bool:
    """As a browser does: the page, its cookie and its token, and where one is led."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with browser.open(f"http://127.0.0.1:{port}/sign-in") as page:
        token = re.findall(r'name="csrf_token" value="([^"]+)"', page.read().decode())[0]
    words = urllib.parse.urlencode({"csrf_token": token, "email": email, "password": PASSWORD}).encode()
    with browser.open(f"http://127.0.0.1:{port}/sign-in", words) as answer:
        return str(answer.url).endswith("/inbox")


def _cpu_of_children() -> float:
    """Of those that have ended, in seconds: the clock tells rather how busy the machine is."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

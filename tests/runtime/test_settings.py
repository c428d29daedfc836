"""What the inspector is told of a setting is what the engine does: defaults, and the settings that each mode asks for."""

import re
from pathlib import Path

import pytest

from dougong.runtime import interpreter, nodes
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.nodes.approval import CONFIG, _reject_rule
from dougong.runtime.nodes.approval import NODE as APPROVAL
from dougong.runtime.nodes.revoke import REVOCABLE
from tests.drawing import chain, node, world

FOLDER = Path(nodes.__file__).parent
READ = re.compile(r'config\.get\("(\w+)", "(\w+)"\)')


def shown(mode):
    """The settings that matter with a mode."""
    asked = CONFIG["properties"].items()
    return {key for key, one in asked if mode in one.get("x-when", {}).get("mode", [mode])}


@pytest.mark.parametrize(
    ("name", "read_in"), [("approval", ("approval", "_seats", "_seat_acts", "_decided")), ("user_task", ("user_task",))]
)
def test_a_default_that_is_told_is_the_one_that_is_meant(name, read_in):
    told = {key: one["default"] for key, one in NODE_TYPES[name].config["properties"].items() if "default" in one}
    source = "".join((FOLDER / f"{one}.py").read_text() for one in (*read_in, "_verbs", "_back"))
    meant = {key: value for key, value in READ.findall(source) if key in NODE_TYPES[name].config["properties"]}
    told.pop("reject", None)
    assert told == meant


@pytest.mark.parametrize("mode", CONFIG["properties"]["mode"]["enum"])
def test_what_refuses_by_default_depends_on_the_mode(mode):
    class At:
        config = {"mode": mode}  # noqa: RUF012

    reject = CONFIG["properties"]["reject"]
    told = reject["x-defaults"]["mode"].get(mode, reject["default"])
    assert mode == "claim" or told == _reject_rule(At)


def test_each_mode_asks_for_what_it_needs_and_for_nothing_else():
    own = {
        mode: shown(mode) & {"who", "weights", "percent", "passing", "reject"} for mode in CONFIG["properties"]["mode"]["enum"]
    }
    assert own == {
        "any": {"who", "reject"},
        "all": {"who", "reject"},
        "ratio": {"who", "percent", "reject"},
        "weight": {"weights", "passing", "reject"},
        "sequence": {"who", "reject"},
        "claim": {"who"},
    }


@pytest.mark.parametrize("kind", NODE_TYPES.values(), ids=lambda kind: kind.name)
def test_what_a_setting_depends_on_is_there(kind):
    properties = kind.config.get("properties", {})
    for one in properties.values():
        for key, values in one.get("x-when", {}).items():
            assert set(values) <= set(properties[key]["enum"])
        for key, values in one.get("x-defaults", {}).items():
            assert set(values) <= set(properties[key]["enum"])
        assert "default" not in one or one["default"] in one["enum"]


def test_an_approval_says_first_how_many_must_agree():
    assert [key for key, one in APPROVAL.config["properties"].items() if one.get("x-told")] == ["mode"]


def choices(config):
    """Every setting of a config, however deep, that is one of several."""
    for key, one in config.get("properties", {}).items():
        if "x-options" in one:
            yield key, one, key in config.get("required", ())
        yield from choices(one)
        yield from choices(one.get("items", {}))


@pytest.mark.parametrize("name", sorted(NODE_TYPES))
def test_a_choice_must_be_made_or_says_what_is_meant_without(name):
    said = ("default", "x-defaults", "x-needed")
    silent = [
        key for key, one, required in choices(NODE_TYPES[name].config) if not required and not any(word in one for word in said)
    ]
    assert silent == (["every"] if name == "start" else [])  # without it nothing begins by itself


@pytest.mark.parametrize("kind", NODE_TYPES.values(), ids=lambda kind: kind.name)
def test_what_a_newly_drawn_step_says_can_be_said(kind):
    assert all(one["x-drawn"] in one["enum"] for one in kind.config.get("properties", {}).values() if "x-drawn" in one)


def test_a_newly_drawn_approval_may_be_sent_back_and_one_drawn_before_says_what_it_said():
    back = CONFIG["properties"]["send_back"]
    assert (back["x-drawn"], back["default"]) == ("any", "none")


def test_what_ends_everything_reads_as_terminated_where_it_is_newly_drawn():
    result = NODE_TYPES["terminate"].config["properties"]["result"]
    assert result["x-options"][result["x-drawn"]]["zh-Hans"] == "已终止"
    assert "x-drawn" not in NODE_TYPES["end"].config["properties"]["result"]
    ended = interpreter.start(chain(node("t", "terminate", result=result["x-drawn"])), {}, world()).case
    assert (ended.status, ended.result, ended.result in REVOCABLE) == ("done", "terminated", False)

"""What the environment says; that the documentation knows every word of it: `test_health.py`."""

from click.testing import CliRunner

from dougong import create_app
from dougong.__main__ import main


def test_what_the_caller_says_goes_before_what_the_environment_says(tmp_path, monkeypatch):
    monkeypatch.setenv("DOUGONG_TAKE_OVER", "7")
    monkeypatch.setenv("DOUGONG_PROXY_HOPS", "2")
    monkeypatch.setenv("DOUGONG_HTTPS", "1")
    config = create_app({"HOME": tmp_path, "PROXY_HOPS": 3}).config
    assert [config[one] for one in ("TAKE_OVER_SECONDS", "PROXY_HOPS", "HTTPS", "SESSION_IDLE_HOURS")] == [7, 3, True, 12.0]


def test_a_setting_that_is_none_is_told_by_its_name(tmp_path, monkeypatch):
    monkeypatch.setenv("DOUGONG_HOME", str(tmp_path))
    monkeypatch.setenv("DOUGONG_TAKE_OVER", "soon")
    told = CliRunner().invoke(main, ["upgrade"])
    assert (told.exit_code, told.output) == (1, "Error: DOUGONG_TAKE_OVER: a number is expected, 'soon' is none\n")

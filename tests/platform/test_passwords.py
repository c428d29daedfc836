"""Which passwords are refused and why, and that what is kept tells nothing."""

import pytest

from dougong import demo
from dougong.platform import passwords

ALICE = ("alice.lin@acme.example", "林晓 Alice", "acme", "安可美家电", "Acme Appliances")


def code(password: str) -> str | None:
    fault = passwords.fault(password, ALICE)
    return fault["code"] if fault else None


@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("", "password.too_short"),
        ("Gr5#kq!", "password.too_short"),
        ("x" * 129, "password.too_long"),
        ("password1", "password.known"),
        ("PassWord1", "password.known"),
        ("ｐａｓｓｗｏｒｄ１", "password.known"),
        ("iloveyou1", "password.known"),
        ("alice.lin@acme.example", "password.own_words"),
        ("Alice2026", "password.own_words"),
        ("acme-appliances", "password.own_words"),
        ("安可美家电2026", "password.own_words"),
        (demo.PASSWORD, "password.own_words"),
        ("aaaaaaaaaaaaaaaa", "password.guessable"),
        ("abcdefghijk", "password.guessable"),
        ("p@ssw0rd2", "password.guessable"),
        ("mond regen kaffee", None),
        ("天上的云彩很白很白", None),
        ("只有小写字母也可以 ok", None),
        ("kq7 vbn2", None),
        ("r" + "7f" * 63 + "q", None),
    ],
)
def test_a_password_is_refused_for_what_is_wrong_with_it(password: str, found: str | None) -> None:
    assert code(password) == found


def test_the_list_of_known_passwords_is_long() -> None:
    assert len(passwords.known()) >= 30_000


def test_what_is_kept_is_not_the_password_and_spelling_of_a_sign_does_not_matter() -> None:
    kept = passwords.hashed("Ångström am Meer")
    assert kept.startswith("$argon2id$") and "Meer" not in kept
    assert passwords.is_right(kept, "A\u030angstro\u0308m am Meer")
    assert not passwords.is_right(kept, "Angstrom am Meer")


@pytest.mark.parametrize("kept", [None, passwords.NONE, "no hash"])
def test_where_there_is_no_password_none_is_right(kept: str | None) -> None:
    assert not passwords.is_right(kept, "") and not passwords.is_right(kept, "nobody has this password")

"""What is sealed opens again for the same use and under any key of the ring, and never otherwise."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from flask import Flask

from dougong.platform import cipher


def app(home: Path, *keys: str) -> Flask:
    found = Flask("cipher")
    found.config.update(HOME=home, KEYS=",".join(keys))
    cipher.init_cipher(found)
    return found


def test_what_is_sealed_opens_for_the_same_use_only(tmp_path: Path) -> None:
    with app(tmp_path).app_context():
        sealed = cipher.seal("totp:a", "秘密")
        assert "秘密" not in sealed and cipher.unseal("totp:a", sealed) == "秘密"
        for use, text in (("totp:b", sealed), ("totp:a", sealed[:-3] + "AA="), ("totp:a", ""), ("totp:a", "plain")):
            with pytest.raises(cipher.Unreadable):
                cipher.unseal(use, text)


def test_an_old_key_still_opens_until_it_leaves_the_ring(tmp_path: Path) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    with app(tmp_path, old).app_context():
        sealed = cipher.seal("x", "plain")
    with app(tmp_path, new, old).app_context():
        assert cipher.unseal("x", sealed) == "plain"
        fresh = cipher.reseal(sealed)
    with app(tmp_path, new).app_context():
        assert cipher.unseal("x", fresh) == "plain"
        for again in (lambda: cipher.unseal("x", sealed), lambda: cipher.reseal(sealed)):
            with pytest.raises(cipher.Unreadable):
                again()


def test_the_key_of_a_data_folder_is_made_once_and_is_its_owners(tmp_path: Path) -> None:
    with app(tmp_path).app_context():
        sealed = cipher.seal("x", "plain")
    with app(tmp_path).app_context():
        assert cipher.unseal("x", sealed) == "plain"
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


def test_a_key_that_is_none_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Fernet"):
        app(tmp_path, "not a key")


def test_many_who_begin_at_once_share_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: cipher._home_keys(tmp_path), range(8)))
    assert len(found) == 1

"""Secrets of a tenant: sealed for its row, replaced, deleted, and shown to nobody again."""

import io
import logging
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet
from sqlalchemy import select

from dougong.__main__ import main
from dougong.platform import cipher, secrets
from dougong.platform.audit import Audit
from dougong.platform.secrets import Secret
from dougong.platform.store import transaction
from tests.cast import Cast

VALUE = "hunter2-geheim-密码"


@pytest.fixture
def kept(cast: Cast) -> Cast:
    """Acme with a secret that alice set over the page."""
    answer = cast.sign_in("alice").post("/t/acme/settings/secrets", data={"key": "erp", "title": "ERP 令牌", "value": VALUE})
    assert answer.status_code == 302, answer.text
    return cast


def test_what_is_kept_is_sealed_and_opens_for_its_row_only(kept: Cast) -> None:
    with kept.reading() as session:
        row = session.scalars(select(Secret)).one()
        assert VALUE not in row.sealed and row.set_by and row.set_at
        assert secrets.reveal(session, "erp") == VALUE
        sealed = row.sealed
    with kept.app.app_context():
        with transaction(kept.tenants["globex"]) as session:
            session.add(Secret(key="erp", title="x", sealed=sealed, set_at="", set_by=""))
        with transaction(kept.tenants["acme"]) as session:
            session.add(Secret(key="crm", title="x", sealed=sealed, set_at="", set_by=""))
    for slug, key in (("globex", "erp"), ("acme", "crm")):
        with kept.reading(slug) as session, pytest.raises(cipher.Unreadable):
            secrets.reveal(session, key)


def test_a_key_that_is_there_gets_the_new_value(kept: Cast) -> None:
    kept.sign_in("alice").post("/t/acme/settings/secrets", data={"key": "erp", "title": "ERP", "value": "another"})
    with kept.reading() as session:
        assert secrets.reveal(session, "erp") == "another"
        verbs = session.scalars(select(Audit.verb).where(Audit.subject == "secret").order_by(Audit.id)).all()
        assert verbs == ["created", "replaced"]


def test_it_can_be_deleted(kept: Cast) -> None:
    alice = kept.sign_in("alice")
    assert alice.post("/t/acme/settings/secrets/erp/delete").status_code == 302
    assert alice.post("/t/acme/settings/secrets/erp/delete").status_code == 404
    with kept.reading() as session, pytest.raises(LookupError):
        secrets.reveal(session, "erp")


def test_no_page_file_or_log_shows_it(kept: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    alice = kept.sign_in("alice")
    page = alice.get("/t/acme/settings/secrets")
    assert "ERP 令牌" in page.text and "设置" in page.text
    for address in ("/t/acme/settings/secrets", "/t/acme/settings/audit", "/t/acme/settings/audit.csv"):
        answer = alice.get(address)
        assert answer.status_code == 200 and VALUE not in answer.text
    refused = alice.post("/t/acme/settings/secrets", data={"key": "Not a key", "title": "x", "value": VALUE})
    assert refused.status_code == 422 and VALUE not in refused.text
    assert VALUE not in caplog.text


def test_it_is_nowhere_in_the_data_folder(kept: Cast) -> None:
    for path in Path(kept.home).rglob("*"):
        if path.is_file():
            assert VALUE.encode() not in path.read_bytes(), path


def test_no_pack_carries_it(kept: Cast) -> None:
    from dougong.builder import packing

    with kept.reading() as session:
        _, raw = packing.export_installed(session, "appliance_repair")
    text = raw if not raw.startswith(b"PK") else zipfile.ZipFile(io.BytesIO(raw)).read("pack.json")
    assert VALUE.encode() not in text and b"gAAAA" not in text


@pytest.mark.parametrize("name", ["bob", "fiona", "victor"])
def test_only_who_administers_the_tenant_gets_there(kept: Cast, name: str) -> None:
    client = kept.sign_in(name)
    assert client.get("/t/acme/settings/secrets").status_code == 403
    assert client.post("/t/acme/settings/secrets", data={"key": "a", "title": "b", "value": "c"}).status_code == 403


def test_what_was_filled_in_wrongly_is_told_at_the_field(cast: Cast) -> None:
    answer = cast.sign_in("alice").post("/t/acme/settings/secrets", data={"key": "channel:1", "title": "", "value": ""})
    assert answer.status_code == 422 and answer.text.count('aria-invalid="true"') == 3


def test_resealing_lets_an_old_key_go(kept: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator puts a new key first, seals anew, and takes the old one out."""
    keys = kept.home / "keys"
    new = Fernet.generate_key().decode()
    keys.write_text(f"{new}\n{keys.read_text()}")
    for name, value in kept.environment().items():
        monkeypatch.setenv(name, value)
    ran = CliRunner().invoke(main, ["reseal"])
    assert ran.exit_code == 0 and ran.output == "sealed anew: 1\n"
    kept.app.extensions["cipher"] = cipher.ring([new])
    with kept.reading() as session:
        assert secrets.reveal(session, "erp") == VALUE

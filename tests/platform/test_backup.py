"""Backup and restore: one instant while others work, from either store to either, equal to the row, or refused in words."""

import dataclasses
import hashlib
import io
import json
import os
import random
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import current_app
from sqlalchemy import JSON, Boolean, Integer, String, Text, delete, func, select, update
from sqlalchemy import cast as sql_cast
from werkzeug.datastructures import FileStorage

from dougong import create_app
from dougong.__main__ import main
from dougong.commands.opening import migrate
from dougong.platform import archive, backup, files, secrets, snapshot
from dougong.platform.accounts import Account, add_account
from dougong.platform.archive import Unusable, Writer, opened
from dougong.platform.store import Base, db, moment, tenant_tables, transaction
from dougong.platform.tenancy import Tenant, add_tenant
from dougong.platform.wakeups import Wakeup
from dougong.runtime.host import worker
from dougong.runtime.host.tables import EffectRow, Notice, Record, Ticket, TokenRow
from tests import LONG
from tests.cast import Cast, close
from tests.stage import STORES
from tests.stores import Postgres, Template

ROUNDS = 20 if LONG else 1
Place = Callable[[], Cast]


@pytest.fixture(scope="session")
def empty_on(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Template]:
    """Migrated, and nobody in it."""

    @cache
    def made(store: str) -> Template:
        home = tmp_path_factory.mktemp(f"empty-{store}")
        server: Postgres | None = request.getfixturevalue("postgres") if store == "postgresql" else None
        template = Template(home, server, server.created() if server else "")
        app = create_app({"TESTING": True, **template.config})
        with app.app_context():
            migrate()
        close(app)
        return template

    return made


@pytest.fixture(params=STORES)
def elsewhere(
    request: pytest.FixtureRequest, empty_on: Callable[[str], Template], cast: Cast, tmp_path: Path
) -> Iterator[Place]:
    """An installation without anybody, as often as it is asked for, that has the key ring of the first."""
    yield from _places(empty_on(request.param), cast, tmp_path)


@pytest.fixture
def beside(template: Template, empty_on: Callable[[str], Template], cast: Cast, tmp_path: Path) -> Iterator[Place]:
    """The same on the same store."""
    yield from _places(empty_on("postgresql" if template.postgres else "sqlite"), cast, tmp_path)


def _places(template: Template, cast: Cast, folder: Path) -> Iterator[Place]:
    made: list[Cast] = []

    def place() -> Cast:
        found = Cast(template, folder / f"place-{len(made)}", KEYS=(cast.home / "keys").read_text())
        found.tenants = dict(cast.tenants)
        made.append(found)
        return found

    yield place
    for one in made:
        one.leave()


def saved(cast: Cast, path: Path, slug: str | None = None) -> archive.Manifest:
    with cast.app.app_context():
        return backup.backup(path, "test", slug)


def restored(cast: Cast, path: Path, *names: str) -> dict[str, str]:
    with cast.app.app_context():
        backup.restore(path, *names)
    return digests(cast)


def digests(cast: Cast) -> dict[str, str]:
    with cast.app.app_context():
        return backup.digests()


def told(cast: Cast) -> set[tuple[str, str]]:
    with cast.reading() as session:
        rows = session.execute(select(Notice.effect_id, Notice.member_id)).all()
    assert len(rows) == len(set(rows))
    return {(effect, member) for effect, member in rows}


def perform_all(cast: Cast) -> int:
    with cast.app.app_context():
        looked = 0
        while found := worker.sweep():
            looked += found
    return looked


class Filing:
    """Three people who file tickets until they are told to stop. `filed`: what they were told is filed."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.filed, self._stop = cast, [], threading.Event()  # type: ignore[var-annotated]
        self._threads = [threading.Thread(target=self._file) for _ in range(3)]

    def _file(self) -> None:
        while not self._stop.is_set():
            self.filed.append(self.cast.file("bob"))

    def wait_for(self, count: int) -> None:
        for _ in range(1200):
            if len(self.filed) >= count:
                return
            self._stop.wait(0.05)
        raise AssertionError("nobody files anything")

    def __enter__(self) -> "Filing":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()


def test_what_is_saved_while_tickets_are_filed_is_the_same_elsewhere_and_wakes_once(
    cast: Cast, elsewhere: Place, tmp_path: Path
) -> None:
    for number in range(ROUNDS):
        path, there = tmp_path / f"{number}.zip", elsewhere()
        with Filing(cast) as filing:
            filing.wait_for(3)
            before = list(filing.filed)
            made = saved(cast, path)
            filing.wait_for(len(filing.filed) + 2)
        then = {one.slug: one.digest for one in made.tenants}
        assert restored(there, path) == then
        assert digests(cast)["acme"] != then["acme"] and digests(cast)["globex"] == then["globex"]
        with there.reading() as session:
            assert set(before) <= set(session.scalars(select(Ticket.id)))
            waiting = set(session.scalars(select(EffectRow.id).where(EffectRow.state == "todo")))
            assert waiting == set(session.scalars(select(Wakeup.effect_id)))
            pending = set(session.scalars(select(Wakeup.effect_id).where(Wakeup.due_at <= moment())))  # not the deadlines ahead
            assert pending and waiting - pending
        perform_all(cast)
        assert perform_all(there) == len(pending)
        assert {one for one in told(cast) if one[0] in pending} == {one for one in told(there) if one[0] in pending}
        with there.reading() as session:
            assert set(session.scalars(select(EffectRow.id).where(EffectRow.state != "done"))) == waiting - pending


def test_work_goes_on_where_it_was_restored(cast: Cast, elsewhere: Place, tmp_path: Path) -> None:
    ticket_id = cast.file()
    there = elsewhere()
    saved(cast, tmp_path / "b.zip")
    restored(there, tmp_path / "b.zip")
    assert there.sign_in("bob").get(f"/t/acme/tickets/{ticket_id}").status_code == 200
    assert there.file() != ticket_id
    assert there.waiting(ticket_id) == cast.waiting(ticket_id) != []


def test_files_come_along_and_one_that_is_missing_is_named(cast: Cast, elsewhere: Place, tmp_path: Path) -> None:
    tenant_id = cast.tenants["acme"]
    with cast.app.app_context():
        kept, lost = (
            files.take(tenant_id, FileStorage(io.BytesIO(text), f"{text.decode()}.txt"), "upload:x")["id"]
            for text in (b"kept", b"lost")
        )
        _path(tenant_id, lost).unlink()
    made = saved(cast, tmp_path / "b.zip")
    assert made.tenants[0].faults == [f"file {lost} is missing"]
    there = elsewhere()
    restored(there, tmp_path / "b.zip")
    with there.app.app_context():
        assert _path(tenant_id, kept).read_bytes() == b"kept"
        assert not _path(tenant_id, lost).exists()
        assert [path.name for path in (there.home / "files").iterdir()].count(tenant_id) == 1


def test_one_tenant_joins_others_and_finds_its_people_by_their_address(cast: Cast, beside: Place, tmp_path: Path) -> None:
    there = beside()
    with there.app.app_context(), transaction(None) as session:
        add_tenant(session, "north", {"en": "North"})
        known = add_account(session, "bob@acme.example", "Robert", "another long password").id
    north = digests(there)["north"]
    made = saved(cast, tmp_path / "b.zip")
    found = restored(there, tmp_path / "b.zip", "acme", "acme-again")
    assert found == {"acme-again": made.tenants[0].digest, "north": north}
    with there.reading() as session:
        assert session.execute(select(Account.id, Account.name).where(Account.email == "bob@acme.example")).one() == (
            known,
            "Robert",
        )
        assert session.scalar(select(Account.id).where(Account.email == "charlie@globex.example")) is None
    assert there.sign_in("frank").get("/t/acme-again/inbox").status_code == 200


def test_an_operator_is_none_where_there_are_people_already(cast: Cast, beside: Place, tmp_path: Path) -> None:
    saved(cast, tmp_path / "b.zip")

    def operators(place: Cast) -> list[str]:
        restored(place, tmp_path / "b.zip")
        with place.app.app_context():
            return list(db.session.scalars(select(Account.email).where(Account.operator)))

    assert operators(beside()) == ["operator@dougong.example"]
    there = beside()
    with there.app.app_context(), transaction(None) as session:
        add_account(session, "somebody@north.example", "Somebody", "another long password")
    assert operators(there) == []


def test_secrets_stay_sealed_and_the_keys_stay_at_home(cast: Cast, elsewhere: Place, tmp_path: Path) -> None:
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        by = type("By", (), {"name": "alice", "member_id": None, "tenant_id": cast.tenants["acme"]})
        secrets.put(session, by, "robot", "Robot", "open sesame 1234")
    path = tmp_path / "b.zip"
    saved(cast, path)
    assert path.stat().st_mode & 0o077 == 0
    whole = _unpacked(path)
    for hidden in ("open sesame 1234", (cast.home / "keys").read_text(), (cast.home / "secret").read_text()):
        assert hidden.encode() not in whole
    there = elsewhere()
    restored(there, path)
    with there.reading() as session:
        assert secrets.reveal(session, "robot") == "open sesame 1234"


def test_null_stays_null_and_a_json_null_stays_one(cast: Cast, elsewhere: Place, tmp_path: Path) -> None:
    cast.file()
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.scalars(select(Ticket)).one().handlers = None  # type: ignore[assignment]
    saved(cast, tmp_path / "b.zip")
    there = elsewhere()
    restored(there, tmp_path / "b.zip")
    for place in (cast, there):
        with place.reading() as session:
            assert session.scalars(select(sql_cast(TokenRow.reason, Text))).all() == [None]
            assert session.scalars(select(sql_cast(Ticket.handlers, Text))).all() == ["null"]


def test_no_table_is_forgotten() -> None:
    tenants = {table.name for table in snapshot.tables_of_tenants()}
    accounts = {table.name for table in snapshot.tables_of_accounts()}
    assert tenants >= tenant_tables()
    assert set(Base.metadata.tables) - tenants - accounts - {"tenant"} <= snapshot.LEFT_OUT
    assert not (tenants | accounts) & snapshot.LEFT_OUT
    known = (String, Text, Integer, Boolean, JSON)
    columns = [column for table in Base.metadata.tables.values() for column in table.columns]
    assert [str(column) for column in columns if not isinstance(column.type, known)] == []
    for name in tenants | accounts:
        assert len(snapshot.account_columns(Base.metadata.tables[name])) <= 1, name


def test_the_hash_tells_every_change(cast: Cast) -> None:
    cast.file()
    seen = {digests(cast)["acme"]}
    with cast.app.app_context():
        for table, column in ((Ticket, "number"), (EffectRow, "error"), (Record, "words")):
            with transaction(cast.tenants["acme"]) as session:
                setattr(session.scalars(select(table).limit(1)).one(), column, "changed")
            seen.add(backup.digests()["acme"])
        with transaction(None) as session:
            session.execute(update(Tenant).where(Tenant.slug == "acme").values(zone="Asia/Tokyo"))
        seen.add(backup.digests()["acme"])
        with transaction(None) as session:
            session.execute(delete(Wakeup).where(Wakeup.tenant_id == cast.tenants["acme"]))
        seen.add(backup.digests()["acme"])
    assert len(seen) == 6


def test_a_tenant_that_is_here_stays_as_it_is(cast: Cast, beside: Place, tmp_path: Path) -> None:
    path, there = tmp_path / "b.zip", beside()
    saved(cast, path)
    tenant_id = cast.tenants["acme"]
    for place in (cast, there):
        with place.app.app_context():
            if place is there:
                backup.restore(path, "acme")
            _path(tenant_id, "mine").parent.mkdir(parents=True, exist_ok=True)
            _path(tenant_id, "mine").write_bytes(b"mine")
        before = digests(place)
        for names in ((), ("acme",), ("acme", "acme-2")):
            with place.app.app_context(), pytest.raises(Unusable, match="not empty"):
                backup.restore(path, *names)
        assert digests(place) == before  # globex, which was free there, has not come either
        with place.app.app_context():
            assert _path(tenant_id, "mine").read_bytes() == b"mine"


def test_an_empty_tenant_makes_room(cast: Cast, beside: Place, tmp_path: Path) -> None:
    there = beside()
    with there.app.app_context(), transaction(None) as session:
        add_tenant(session, "acme", {"en": "Acme, made a minute ago"})
    made = saved(cast, tmp_path / "b.zip", "acme")
    assert restored(there, tmp_path / "b.zip") == {"acme": made.tenants[0].digest}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format_version": 2}, "format 2, expected 1"),
        ({"format": "tar"}, "no backup of ours"),
        ({"migration": "0000"}, "migration 0000"),
        ({"tenants": [{"id": "x"}]}, "not understood"),
        ({"parts": {}}, "not what its manifest names"),
    ],
)
def test_another_version_and_an_altered_manifest_are_refused(
    cast: Cast, beside: Place, tmp_path: Path, change: dict[str, Any], words: str
) -> None:
    path, there = tmp_path / "b.zip", beside()
    saved(cast, path)
    _rewritten(path, manifest=lambda found: {**found, **change})
    with there.app.app_context(), pytest.raises(Unusable, match=words):
        backup.restore(path)
    assert digests(there) == {}


def test_nothing_is_half_restored(cast: Cast, beside: Place, tmp_path: Path) -> None:
    """Rows that no database takes, of no column, of no shape, left out: hashed anew, so that nothing else is wrong."""
    path, there = tmp_path / "b.zip", beside()
    cast.file()
    saved(cast, path)
    last = f"tenants/{cast.tenants['acme']}/candidate.jsonl"
    for wrong, words in (
        (b'{"task_id":"0190a000-0000-7000-8000-000000000000","principal":"x"}\n', "takes no rows of candidate"),
        (b'{"task_id":"x","principal":"x","colour":"red"}\n', "no column colour"),
        (b"[]\n", "no row"),
        (b"", "would not be what was saved"),
    ):
        broken = tmp_path / "broken.zip"
        shutil.copy(path, broken)
        _rewritten(broken, **{last: wrong})
        with there.app.app_context(), pytest.raises(Unusable, match=words):
            backup.restore(broken)
        assert digests(there) == {}
        with there.app.app_context():
            assert db.session.scalar(select(func.count()).select_from(Account)) == 0
        assert not (there.home / "files" / cast.tenants["acme"]).exists()


def test_whatever_is_cut_off_or_changed_is_refused_or_does_not_matter(
    template_on: Callable[[str], Template], tmp_path: Path
) -> None:
    cast, path, broken = Cast(template_on("sqlite"), tmp_path / "home"), tmp_path / "b.zip", tmp_path / "broken.zip"
    try:
        saved(cast, path, "globex")
    finally:
        cast.leave()
    raw, chance = path.read_bytes(), random.Random(7)
    with opened(path) as whole:
        good = _content(whole)
    refused = 0
    cuts = [raw[: chance.randrange(len(raw))] for _ in range(100)]
    flips = [raw[:at] + bytes([raw[at] ^ 1 << chance.randrange(8)]) + raw[at + 1 :] for at in _places_in(raw, chance)]
    for changed in (*cuts, *flips, b"", b"PK\x03\x04", b"{}"):
        broken.write_bytes(changed)
        try:
            with opened(broken) as found:
                assert _content(found) == good
        except Unusable:
            refused += 1
    assert refused > len(cuts) + len(flips) // 2


def test_a_full_disk_leaves_nothing_of_a_backup_and_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int, mode: str) -> Any:
        os.close(handle)
        return Path("/dev/full").open(mode)

    monkeypatch.setattr(os, "fdopen", full)
    with pytest.raises(Unusable, match="No space left on device"), Writer(tmp_path / "a.zip") as writer:
        writer.file("x", bytes(100_000))
    assert list(tmp_path.iterdir()) == []


def test_the_commands_say_what_was_done_and_why_not(cast: Cast, beside: Place, tmp_path: Path) -> None:
    there, path = beside(), str(tmp_path / "b.zip")
    here_env = cast.environment()
    there_env = {**there.environment(), "DOUGONG_KEYS": (cast.home / "keys").read_text()}

    def run(env: dict[str, str], *words: str) -> tuple[int, Any]:
        done = CliRunner().invoke(main, [*words, "--json"], env=env)
        return done.exit_code, json.loads(done.stdout) if done.exit_code < 2 else done.output

    code, made = run(here_env, "backup", path)
    assert (code, [one["slug"] for one in made["tenants"]]) == (0, ["acme", "globex"])
    assert run(here_env, "backup", path)[0] == 1
    assert run(here_env, "backup", str(tmp_path / "c.zip"), "--tenant", "nowhere")[0] == 2
    assert not list(tmp_path.glob("*c.zip*"))
    assert run(there_env, "restore", path, "--tenant", "nowhere")[0] == 2
    assert run(there_env, "restore", path, "--as", "x")[0] == 2
    assert run(there_env, "restore", path)[0] == 0
    assert run(there_env, "digest")[1]["tenants"] == {one["slug"]: one["digest"] for one in made["tenants"]}
    code, found = run(there_env, "restore", path)
    assert code == 1 and "not empty" in found["error"]


def _content(found: archive.Reader) -> dict[str, bytes]:
    return {name: b"".join(found.blocks(name)) for name in found.manifest.parts} | {
        "manifest": json.dumps(dataclasses.asdict(found.manifest)).encode()
    }


def _places_in(raw: bytes, chance: random.Random) -> list[int]:
    return [*(chance.randrange(len(raw)) for _ in range(300)), *range(len(raw) - 400, len(raw), 3), *range(60)]


def _unpacked(path: Path) -> bytes:
    with zipfile.ZipFile(path) as zipped:
        return b"".join(zipped.read(name) for name in zipped.namelist())


def _rewritten(path: Path, manifest: Callable[[Any], Any] = lambda found: found, **parts: bytes) -> None:
    """Someone changes the archive and makes its hashes fit."""
    with zipfile.ZipFile(path) as zipped:
        kept = {name: zipped.read(name) for name in zipped.namelist()} | parts
    found = json.loads(kept[archive.MANIFEST])
    for name, raw in parts.items():
        found["parts"][name] = {"bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest(), "rows": 1}
    kept[archive.MANIFEST] = json.dumps(manifest(found)).encode()
    with zipfile.ZipFile(path, "w") as zipped:
        for name, raw in kept.items():
            zipped.writestr(name, raw)


def _path(tenant_id: str, file_id: str) -> Path:
    """Where the bytes of a file lie in the data folder of the present application."""
    return Path(current_app.config["HOME"]) / "files" / files.key_of(tenant_id, file_id)

"""Files over the pages: what is refused, how they are named and served, on disk and in an S3-compatible store."""

import errno
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from dougong.platform import files, jobs, storage
from dougong.platform.files import File, FileRefused
from dougong.platform.storage import Bucket
from dougong.platform.store import transaction
from tests.cast import REPAIR, Cast, errors, fields
from tests.fake_s3 import FakeS3, fake_s3
from tests.photos import photo
from tests.stores import Template


def sent(client: FlaskClient, raw: bytes, name: str, declared: str = "application/octet-stream") -> Any:
    return client.post("/t/acme/uploads", data={"file": (io.BytesIO(raw), name, declared)})


def commented(cast: Cast, raw: bytes, name: str) -> tuple[str, Any]:
    """A ticket of bob's with a file in its timeline; the answer to the upload."""
    ticket_id, bob = cast.file(), cast.sign_in("bob")
    upload = sent(bob, raw, name)
    assert upload.status_code == 201, upload.text
    bob.post(f"/t/acme/tickets/{ticket_id}/comments", data={"text": "see", "f.files": upload.json["id"]})
    return ticket_id, upload.json


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("photo.png", b"<html><script>alert(1)</script>", "file.content"),
        ("photo.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "file.content"),
        ("drawing.svg", b"<svg/>", "file.type"),
        ("page.html", b"<html>", "file.type"),
        ("setup.exe", b"MZ", "file.type"),
        ("setup.pdf", b"MZ\x90\x00", "file.content"),
        ("sheet.xlsx", b"PK\x03\x04", "file.content"),
        ("quote.pdf.html", b"%PDF-1.4", "file.type"),
        ("photo.pdf", photo(), "file.content"),
        (".png", photo(), "file.type"),
        ("noname", b"x", "file.type"),
        ("photo.png\x00.html", photo(), "file.type"),
    ],
)
def test_what_is_not_what_it_says_is_refused_whatever_the_browser_declares(
    cast: Cast, name: str, raw: bytes, code: str
) -> None:
    answer = sent(cast.sign_in("bob"), raw, name, "image/png")
    assert (answer.status_code, answer.json["error"]["code"]) == (422, code) and answer.json["error"]["message"]
    with cast.reading() as session:
        assert session.scalar(select(func.count()).select_from(File)) == 0


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Windows\\evil.TXT", "evil.txt"),
        ("\u202etxt.exe\u202c.txt", "txt.exe.txt"),
        ("报价 “单”\r\nX-Evil: 1.txt", "报价 “单”X-Evil: 1.txt"),
        ("a" * 500 + ".txt", "a" * 180 + ".txt"),
        ("..\x00.txt", "...txt"),
    ],
)
def test_a_name_holds_no_folder_and_hides_nothing(name: str, kept: str) -> None:
    assert files._judged(FileStorage(io.BytesIO(b"hello"), filename=name)) == (kept, "text/plain", b"hello")


def test_a_file_is_served_as_an_attachment_that_nothing_runs(cast: Cast) -> None:
    _, upload = commented(cast, b"hello", "../../../etc/报价“单”.txt")
    assert upload["name"] == "报价“单”.txt"
    answer = cast.sign_in("bob").get(f"/t/acme/files/{upload['id']}", buffered=True)
    assert answer.data == b"hello" and answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    inside = [path.relative_to(cast.home / "files").parts for path in (cast.home / "files").rglob("*") if path.is_file()]
    assert inside == [(cast.tenants["acme"], upload["id"])]


def test_a_photo_is_kept_drawn_anew_under_the_type_that_it_is_and_stands_small_in_the_page(cast: Cast) -> None:
    _, upload = commented(cast, photo("JPEG") + b"<script>alert(1)</script>", "photo.png")
    assert (upload["name"], upload["type"]) == ("photo.jpg", "image/jpeg")
    frank = cast.sign_in("frank")
    kept = frank.get(f"/t/acme/files/{upload['id']}", buffered=True)
    assert b"script" not in kept.data and kept.headers["Content-Type"] == "image/jpeg"
    small = frank.get(f"/t/acme/files/{upload['id']}/small", buffered=True)
    assert small.status_code == 200 and Image.open(io.BytesIO(small.data)).format == "JPEG"
    for path in ("", "/small"):
        assert cast.sign_in("ivan").get(f"/t/acme/files/{upload['id']}{path}").status_code == 404
        assert cast.sign_in("charlie").get(f"/t/globex/files/{upload['id']}{path}").status_code == 404
    assert cast.sign_in("bob").get(f"/t/acme/files/{commented(cast, b'x', 'a.txt')[1]['id']}/small").status_code == 404


def test_what_is_too_large_or_too_much_is_refused_with_the_limit(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    bob = cast.sign_in("bob")
    monkeypatch.setattr(files, "MAX_BYTES", 1_000)
    assert sent(bob, b"%PDF-" + bytes(996), "big.pdf").json["error"]["code"] == "file.too_large"
    cast.app.config["MAX_CONTENT_LENGTH"] = 2_000
    assert sent(bob, bytes(3_000), "huge.pdf").status_code == 413
    monkeypatch.setattr(files, "MOST_OF_ONE", 2)
    assert [sent(bob, b"x", "a.txt").status_code for _ in range(3)] == [201, 201, 422]
    cast.app.config["FILES_MOST"] = 3
    full = sent(cast.sign_in("frank"), b"xx", "a.txt")
    assert full.status_code == 422 and full.json["error"]["code"] == "file.tenant_full"
    assert len([path for path in (cast.home / "files").rglob("*") if path.is_file()]) == 2


def test_a_ticket_has_room_for_so_many_files(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dougong.runtime.host.references.MOST_OF_ONE", 1)
    ticket_id, _ = commented(cast, b"x", "a.txt")
    bob = cast.sign_in("bob")
    second = sent(bob, b"y", "b.txt").json["id"]
    page = bob.post(f"/t/acme/tickets/{ticket_id}/comments", data={"text": "more", "f.files": second}, follow_redirects=True)
    assert "文件太多" in page.text and "more" not in page.text
    with cast.reading() as session:
        assert session.scalar(select(func.count()).select_from(File).where(File.owner == f"ticket:{ticket_id}")) == 1


def test_a_form_takes_photos_only_of_ones_own(cast: Cast) -> None:
    theirs = sent(cast.sign_in("frank"), photo(), "a.png").json["id"]
    answer = cast.sign_in("bob").post("/t/acme/tickets/new/repair", data=fields({**REPAIR, "photos": theirs}))
    assert answer.status_code == 422 and errors(answer.text)


class Killed(BaseException):
    """The process ends here."""


def reaped(cast: Cast, **later: float) -> int:
    """What the tidying takes away in so much time."""
    with cast.app.app_context():
        return files.reap(cast.tenants["acme"], datetime.now(UTC) + timedelta(**later))


def there(cast: Cast) -> tuple[int, int]:
    """Rows, and files on the disk."""
    with cast.reading() as session:
        rows = session.scalar(select(func.count()).select_from(File)) or 0
    return rows, len([path for path in (cast.home / "files").rglob("*") if path.is_file()])


def test_an_upload_that_is_saved_with_nothing_goes_after_a_week_and_what_is_used_stays(cast: Cast) -> None:
    _, used = commented(cast, b"used", "a.txt")
    bob = cast.sign_in("bob")
    unused = sent(bob, b"unused", "b.txt").json["id"]
    assert reaped(cast, days=6.9) == 0
    assert bob.get(f"/t/acme/files/{unused}", buffered=True).data == b"unused"
    assert reaped(cast, days=7.1) == 1 and there(cast) == (1, 1)
    assert bob.get(f"/t/acme/files/{unused}").status_code == 404
    assert bob.get(f"/t/acme/files/{used['id']}", buffered=True).data == b"used"
    assert reaped(cast, days=700) == 0


@pytest.mark.parametrize("when", ["before the bytes", "within the bytes", "after the bytes", "when they go"])
def test_what_a_kill_leaves_behind_is_nobodys_and_goes_after_an_hour(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    def dies(*asked: Any, **more: Any) -> None:
        raise Killed

    def refuses(*asked: Any) -> None:
        raise FileRefused("file.too_many", limit=1)

    bob = cast.sign_in("bob")
    with monkeypatch.context() as meanwhile, pytest.raises(Killed):
        if when == "before the bytes":
            meanwhile.setattr(storage.Folder, "put", dies)
        elif when == "within the bytes":
            meanwhile.setattr(Path, "replace", dies)
        elif when == "after the bytes":
            meanwhile.setattr(files, "_few", dies)
        else:
            meanwhile.setattr(files, "own", refuses)
            meanwhile.setattr(files, "delete", dies)
        sent(bob, b"hello", "a.txt")
    with cast.reading() as session:
        file_id = session.scalars(select(File.id)).one()
    assert bob.get(f"/t/acme/files/{file_id}").status_code == 404
    assert reaped(cast, minutes=50) == 0
    assert reaped(cast, minutes=70) == 1 and there(cast) == (0, 0)


def test_the_tidying_of_every_hour_looks_at_every_company(cast: Cast) -> None:
    long_ago = {"size": 1, "sha256": "", "owner": files.NOBODY, "at": "2020-01-01T00:00:00.000Z"}
    for slug in ("acme", "globex"):
        with cast.app.app_context(), transaction(cast.tenants[slug]) as session:
            session.add(File(id=slug, name="a.txt", type="text/plain", **long_ago))
    with cast.app.app_context():
        jobs.tidy_files()
    for slug in ("acme", "globex"):
        with cast.reading(slug) as session:
            assert session.scalars(select(File.id)).all() == []


def test_where_the_disk_is_full_nothing_is_left_of_an_upload(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    bob, kept = cast.sign_in("bob"), cast.home / "files"
    cast.app.config["PROPAGATE_EXCEPTIONS"] = False

    def full(path: Path, raw: bytes) -> None:
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Path, "write_bytes", full)
        answer = sent(bob, b"hello", "a.txt")
    assert answer.status_code == 503 and not [one for one in kept.rglob("*") if one.is_file()]
    with cast.reading() as session:
        assert session.scalar(select(func.count()).select_from(File)) == 0
    assert sent(bob, b"hello", "a.txt").status_code == 201


@pytest.fixture
def s3() -> Iterator[FakeS3]:
    with fake_s3() as server:
        yield server


@pytest.fixture
def in_bucket(template: Template, tmp_path: Path, s3: FakeS3) -> Iterator[Cast]:
    where = f"s3://files/dougong?endpoint={s3.endpoint}&region=cn-north-1"
    more = {"FILES_URL": where, "FILES_KEY": "key", "FILES_SECRET": "secret", "OUTBOUND_ALLOW": "127.0.0.1"}
    found = Cast(template, tmp_path / "home", **more)
    yield found
    found.leave()


def test_files_lie_in_a_bucket_as_they_lie_in_a_folder(in_bucket: Cast, s3: FakeS3) -> None:
    _, upload = commented(in_bucket, b"%PDF-1.4 quote", "quote.pdf")
    assert list(s3.kept) == [f"/files/dougong/{in_bucket.tenants['acme']}/{upload['id']}"]
    bob = in_bucket.sign_in("bob")
    assert bob.get(f"/t/acme/files/{upload['id']}", buffered=True).data == b"%PDF-1.4 quote"
    assert not (in_bucket.home / "files").exists()
    s3.down = True
    assert bob.get(f"/t/acme/files/{upload['id']}").status_code == 503
    assert sent(bob, b"x", "a.txt").status_code == 503
    s3.down = False
    s3.kept.clear()
    assert bob.get(f"/t/acme/files/{upload['id']}").status_code == 404
    with in_bucket.app.app_context():
        storage.storage().put("a/b", b"x")
        storage.storage().delete("a/b")
        storage.storage().delete("a/b")
        with pytest.raises(LookupError):
            storage.storage().get("a/b")


def test_a_store_inside_that_the_operator_has_not_named_is_not_called(in_bucket: Cast, s3: FakeS3) -> None:
    in_bucket.app.config["OUTBOUND_ALLOW"] = ""
    assert sent(in_bucket.sign_in("bob"), b"x", "a.txt").status_code == 503 and s3.kept == {}


def test_the_signature_is_that_of_the_worked_example_in_the_documentation() -> None:
    """ "GET Object" of "Authenticating Requests: Using the Authorization Header", Amazon S3 API reference."""
    bucket = Bucket("", "us-east-1", "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    url, at = "https://examplebucket.s3.amazonaws.com/test.txt", datetime(2013, 5, 24, tzinfo=UTC)
    found = storage.signed(bucket, "GET", url, b"", at, {"range": "bytes=0-9"})
    assert found["authorization"].endswith("Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")


@pytest.mark.parametrize("url", ["ftp://x", "s3://", "files", "s3://bucket"])
def test_an_address_that_is_no_place_for_files_stops_the_start(url: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="FILES_URL"):
        storage._from_url(url, tmp_path, "", "")

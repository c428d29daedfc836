"""What a file is, judged by its bytes; photos drawn anew."""

import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image

from dougong.platform import contents
from dougong.platform.contents import TYPES, Unfit
from tests.photos import photo


def packed(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as found:
        for name in names:
            found.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (photo(), "image/png"),
        (photo("JPEG"), "image/jpeg"),
        (b"%PDF-1.7 ...", "application/pdf"),
        (packed("[Content_Types].xml", "xl/workbook.xml"), TYPES[".xlsx"]),
        (packed("[Content_Types].xml", "word/document.xml"), TYPES[".docx"]),
        (packed("a.html"), "application/zip"),
        ("名称,电话".encode("gb18030"), "text/plain"),
        (b"<script>alert(1)</script>", "text/plain"),
        (b"", "text/plain"),
        (b"MZ\x90\x00\x03", None),
        (b"\x7fELF\x02\x01", None),
        (b"a\x00b", None),
        (b"PK\x03\x04 but no zip", None),
        (b"GIF", "text/plain"),
    ],
)
def test_the_bytes_say_what_a_file_is(raw: bytes, kind: str | None) -> None:
    assert contents.type_of(raw) == kind


def place() -> Image.Exif:
    """Lying on its side, taken somewhere, by somebody."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "王芳的家"
    exif.get_ifd(0x8825).update({1: "N", 2: (22.0, 32.0, 1.0), 3: "E", 4: (114.0, 3.0, 1.0)})
    return exif


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_forgets_where_it_was_taken_and_still_stands_upright(kind: str) -> None:
    before = photo(kind, exif=place())
    assert Image.open(io.BytesIO(before)).getexif().get_ifd(0x8825)
    after, found = contents.redrawn(before)
    drawn = Image.open(io.BytesIO(after))
    assert found == f"image/{kind.lower()}" and drawn.size == (20, 40)
    assert not drawn.getexif() and "王芳" not in after.decode("utf-8", "ignore") and b"Exif" not in after
    red, _, blue = drawn.convert("RGB").getpixel((10, 2))  # type: ignore[misc]
    assert red > 200 and blue < 60


def test_what_hides_behind_a_photo_is_gone() -> None:
    for kind in ("PNG", "JPEG", "GIF", "WEBP"):
        after, _ = contents.redrawn(photo(kind) + b"<script>alert(document.domain)</script>" + packed("evil.jar"))
        assert b"script" not in after and b"evil" not in after, kind
    assert b"script" not in contents.redrawn(photo("JPEG", comment=b"<script>"))[0]


def test_a_moving_picture_still_moves() -> None:
    frames = [Image.new("RGB", (30, 30), colour) for colour in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=80, loop=0, comment=b"<script>")
    after, kind = contents.redrawn(out.getvalue())
    drawn = Image.open(io.BytesIO(after))
    assert (kind, drawn.n_frames, drawn.info["duration"]) == ("image/gif", 3, 80) and b"script" not in after  # type: ignore[attr-defined]


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says it has so many pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(30_000, 30_000), (2_000_000, 2_000), (8_000, 6_300)])
def test_a_photo_of_too_many_pixels_is_refused_before_it_is_unpacked(size: tuple[int, int]) -> None:
    with pytest.raises(Unfit, match="pixels"):
        contents.redrawn(bomb(*size))


def test_a_moving_picture_that_does_not_end_is_refused() -> None:
    frames = [Image.new("P", (1, 1), at % 2) for at in range(400)]
    out = io.BytesIO()
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    with pytest.raises(Unfit, match="pixels"):
        contents.redrawn(out.getvalue())


@pytest.mark.parametrize(
    "raw", [b"\x89PNG\r\n\x1a\n<svg onload=alert(1)>", photo()[:60], b"\xff\xd8\xff<html>", b"GIF89a" + b"a" * 40]
)
def test_what_only_begins_like_a_photo_is_refused(raw: bytes) -> None:
    with pytest.raises(Unfit, match="content"):
        contents.redrawn(raw)


def test_a_large_photo_becomes_as_large_as_a_screen_and_a_thumbnail_is_small() -> None:
    after, _ = contents.redrawn(photo("JPEG", (6_000, 3_000)))
    assert Image.open(io.BytesIO(after)).size == (4_096, 2_048)
    assert Image.open(io.BytesIO(contents.thumbnail(after))).size == (480, 240)

"""What a file is, judged by its bytes: neither its name nor what the browser says of it counts. Photos are drawn anew.

A photo that is decoded and encoded again is only a photo: what was hidden behind it is gone, and so is where it was taken. It
keeps its orientation and colours, and is made no larger than a screen needs. Everything here is bounded before it is unpacked.
"""

import io
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from PIL import Image, ImageOps, ImageSequence

TEXTS: Final = ("text/plain", "text/csv")
TYPES: Final = {
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp",
    ".pdf": "application/pdf", ".txt": "text/plain", ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".zip": "application/zip", ".mp3": "audio/mpeg", ".mp4": "video/mp4",
}  # fmt: skip
MOST_PIXELS: Final = 50_000_000  # of all frames together
MOST_FRAMES: Final = 300
MOST_PARTS: Final = 10_000  # of a zip
LONGEST_SIDE: Final = 4_096
THUMBNAIL: Final = 480
_FORMATS: Final = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
_QUALITY: Final = {"JPEG": {"quality": 88}, "WEBP": {"quality": 88}}
_KEPT: Final = ("icc_profile", "transparency", "duration", "loop", "disposal", "background")
_OFFICE: Final = {"word/": ".docx", "xl/": ".xlsx", "ppt/": ".pptx"}


class Unfit(Exception):
    """Bytes that cannot be kept. `code` is of the catalogue."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def type_of(raw: bytes) -> str | None:
    """The type that the bytes are; None where it is none of ours. A photo is told by its head: `redrawn` decides."""
    return next((kind for kind, fits in _JUDGES if fits(raw)), None)


def redrawn(raw: bytes) -> tuple[bytes, str]:
    """A photo drawn anew, and its type. Raises Unfit."""
    with _opened(raw) as photo:
        name = _name(photo)
        first, *others = _frames(photo) if name != "JPEG" else [_clean(photo)]
        more = {"save_all": True, "append_images": others} if others else {}
        out = io.BytesIO()
        first.save(out, name, icc_profile=first.info.get("icc_profile"), **more, **_QUALITY.get(name, {}))
    return out.getvalue(), _FORMATS[name]


def thumbnail(raw: bytes) -> bytes:
    """A small JPEG of a photo. Raises Unfit."""
    with _opened(raw) as photo:
        shown = ImageOps.exif_transpose(photo)
        shown.thumbnail((THUMBNAIL, THUMBNAIL))
        shown = shown.convert("RGBA")
        ground = Image.new("RGB", shown.size, "white")
        ground.paste(shown, mask=shown)
        out = io.BytesIO()
        ground.save(out, "JPEG", quality=80)
    return out.getvalue()


@contextmanager
def _opened(raw: bytes) -> Iterator[Image.Image]:
    """A photo whose size is known before a pixel is unpacked; whatever its decoder says against it is Unfit."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower
            photo = Image.open(io.BytesIO(raw), formats=tuple(_FORMATS))
        if photo.width * photo.height > MOST_PIXELS:
            raise Unfit("file.pixels")
        photo.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is unpacked no larger than is kept of it
        yield photo
    except Unfit:
        raise
    except Image.DecompressionBombError:
        raise Unfit("file.pixels") from None
    except Exception:  # a decoder raises whatever it likes at what it cannot read
        raise Unfit("file.content") from None


def _name(photo: Image.Image) -> str:
    return "JPEG" if photo.format == "MPO" else str(photo.format)  # MPO: a JPEG with further ones behind it


def _frames(photo: Image.Image) -> list[Image.Image]:
    found = []
    for frame in ImageSequence.Iterator(photo):
        found.append(_clean(frame))
        if len(found) > MOST_FRAMES or len(found) * photo.width * photo.height > MOST_PIXELS:
            raise Unfit("file.pixels")
    return found


def _clean(frame: Image.Image) -> Image.Image:
    """Upright, of bounded size, and with nothing said about it but how it is shown."""
    found = ImageOps.exif_transpose(frame)
    found.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    clean = found.copy()
    clean.info = {name: value for name, value in found.info.items() if name in _KEPT}
    return clean


def _office(folder: str) -> Callable[[bytes], bool]:
    def fits(raw: bytes) -> bool:
        names = _names(raw)
        return "[Content_Types].xml" in names and any(name.startswith(folder) for name in names)

    return fits


def _names(raw: bytes) -> list[str]:
    """Of a zip that begins as one: what stands before it would be another file."""
    if not raw.startswith(b"PK\x03\x04"):
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            found = [part.filename for part in packed.infolist()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return []
    return found if len(found) <= MOST_PARTS else []


def _is_text(raw: bytes) -> bool:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(ord(mark) < 32 and mark not in "\t\n\r\f" for mark in text)
    return False


_JUDGES: Final[tuple[tuple[str, Callable[[bytes], bool]], ...]] = (
    ("image/jpeg", lambda raw: raw.startswith(b"\xff\xd8\xff")),
    ("image/png", lambda raw: raw.startswith(b"\x89PNG\r\n\x1a\n")),
    ("image/gif", lambda raw: raw.startswith((b"GIF87a", b"GIF89a"))),
    ("image/webp", lambda raw: raw.startswith(b"RIFF") and raw[8:12] == b"WEBP"),
    ("application/pdf", lambda raw: raw.startswith(b"%PDF-")),
    *((TYPES[suffix], _office(folder)) for folder, suffix in _OFFICE.items()),
    ("application/zip", lambda raw: bool(_names(raw))),
    ("video/mp4", lambda raw: raw[4:8] == b"ftyp"),
    ("audio/mpeg", lambda raw: raw.startswith(b"ID3") or (raw[:1] == b"\xff" and raw[1:2] in (b"\xfb", b"\xf3", b"\xf2"))),
    ("text/plain", _is_text),
)

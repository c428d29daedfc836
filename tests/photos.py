"""Photos for tests."""

import io
from typing import Any

from PIL import Image


def photo(kind: str = "PNG", size: tuple[int, int] = (40, 20), **more: Any) -> bytes:
    """The left half red, the right half blue."""
    drawn = Image.new("RGB", size, "red")
    drawn.paste("blue", (size[0] // 2, 0, *size))
    out = io.BytesIO()
    drawn.save(out, kind, **more)
    return out.getvalue()

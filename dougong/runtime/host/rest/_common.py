"""What the host's operations share: fields as they come in, and how they are told."""

from collections.abc import Callable, Mapping
from typing import Any

from dougong.platform.messages import language
from dougong.platform.rest.errors import ApiError, Detail, of_fields
from dougong.runtime.form import Field, Form, Rights
from dougong.runtime.form_view import shown

from ..cases import NAMES, Refused


def strictly(raw: Mapping[str, Any]) -> Callable[[Form | None, Rights], Mapping[str, Any]]:
    """What was sent for a form. A browser sends what its page drew; here a field that may not be written is refused.

    One that is hidden is told like one that is not there.
    """

    def read(form: Form | None, rights: Rights) -> Mapping[str, Any]:
        wrong = []
        for key in raw:
            right = form.right(key, rights) if form and key in form.fields else "hidden"
            if right not in ("write", "required"):
                wrong.append(Detail("api.unknown_field" if right == "hidden" else "api.not_writable", f"/values/{key}"))
        if wrong:
            raise ApiError(422, "api.422", details=wrong)
        return raw

    return read


def refused(done: Refused) -> ApiError:
    return of_fields(done.errors, "/values")


def told(field: Field, value: Any) -> dict[str, Any]:
    """A value with its title, and in words."""
    words = shown(field, value, language(), NAMES)
    return {"key": field.key, "title": field.title, "type": field.type.name, "value": value, "shown": words}

"""What the host's operations share: fields as they come in, and how they are told."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dougong.platform.messages import language
from dougong.platform.rest.errors import ApiError, Detail, of_fields
from dougong.platform.rest.shell import uploaded
from dougong.platform.sheets import SheetError
from dougong.platform.store import db
from dougong.runtime import rows
from dougong.runtime.form import Field, Form, Rights
from dougong.runtime.form_view import shown
from dougong.runtime.reason import Reason

from ..acting import actor
from ..importing import Table, read_table
from ..saving import NAMES
from ..verbs import Refused


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


def chosen_of(raw: Mapping[str, Any]) -> dict[str, list[str]]:
    """Whom the initiator chooses for steps: ids of members, by the uid of the step."""
    wrong = [uid for uid, ids in raw.items() if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids)]
    if wrong:
        raise ApiError(422, "api.422", details=[Detail("chosen.no_list", f"/chosen/{uid}") for uid in wrong])
    return {uid: [one[:36] for one in ids[:21]] for uid, ids in raw.items()}


def table_of(form: Form) -> tuple[Table, str]:
    """The uploaded file as the values of a form, and its name."""
    given, me = uploaded(), actor()
    now = me.now()
    assert now.tzinfo is not None
    try:
        return read_table(db.session(), given.read(), given.filename, form, now.tzinfo, now, me.sees()), given.filename[:200]
    except SheetError as wrong:
        raise ApiError(422, "api.422", details=[Detail(wrong.code, "/file", wrong.params)]) from None


def wrong_rows(rows: Iterable[tuple[int, Mapping[str, Reason]]]) -> list[dict[str, Any]]:
    """The rows of a file that were left out, each with what is wrong with it."""
    return [
        {"row": number, "errors": [Detail(one.code, f"/{key}", one.params).to_json() for key, one in errors.items()]}
        for number, errors in rows
    ]


def refused(done: Refused) -> ApiError:
    return of_fields({rows.pointer(key): reason for key, reason in done.errors.items()}, "/values")


def told(field: Field, value: Any) -> dict[str, Any]:
    """A value with its title, and in words."""
    words = shown(field, value, language(), NAMES)
    return {"key": field.key, "title": field.title, "type": field.type.name, "value": value, "shown": words}

"""What the builder's operations share: what its verbs raise, as answers."""

from typing import Any

from dougong.platform.documents import Stale
from dougong.platform.rest.errors import ApiError, Detail, answer, missing
from dougong.platform.rest.shell import Room
from dougong.runtime.reason import Refused

from ..documents import Unpublishable


def answers_for(room: Room) -> None:
    """A refusal, what is missing, a draft that has moved on, one with errors."""

    @room.when(Refused)
    def refused(error: Refused) -> Any:
        return answer(ApiError(422, "api.422", details=[Detail(error.reason.code, error.path, error.reason.params)]))

    @room.when(LookupError)
    def gone(error: LookupError) -> Any:
        return missing()

    @room.when(Stale)
    def stale(error: Stale) -> Any:
        return answer(ApiError(409, "document.stale", "/revision", who=error.current["updated_by"]))

    @room.when(Unpublishable)
    def unpublishable(error: Unpublishable) -> Any:
        found = [one for problems in error.problems.values() for one in problems]
        details = [Detail(one.reason.code, one.path, one.reason.params) for one in found if one.severity == "error"]
        return answer(ApiError(422, "document.unpublishable", details=details))

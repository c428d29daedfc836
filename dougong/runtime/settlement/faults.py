"""Why no amount can be found."""

from typing import Any

from ..reason import Reason


class SettlementFault(Exception):
    """No amount can be found for these values; the reason is for the person who has to look at it."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.reason = Reason(code, params)

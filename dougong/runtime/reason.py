"""Why something was refused or stopped: a code of the message catalogue and what belongs into its gaps.

The runtime never writes a sentence for people. It names one, and the page, the API or the command line says it in
the reader's language (`dougong/messages/`).
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Reason:
    """`code` is a key of the catalogue; `params` fill its `{gaps}`: strings, numbers, or texts keyed by language."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "params": self.params}

    @classmethod
    def from_json(cls, doc: dict[str, Any]) -> "Reason":
        return cls(doc["code"], doc.get("params", {}))


class Refused(Exception):
    """Input that cannot be accepted. `path` is a JSON pointer to what is wrong ('' is the whole)."""

    def __init__(self, code: str, path: str = "", **params: Any) -> None:
        super().__init__(code)
        self.reason = Reason(code, params)
        self.path = path

    def __str__(self) -> str:
        return f"{self.reason.code} {self.reason.params} at {self.path or '/'}"

"""What is wrong with a definition, where it is wrong, and what to do about it."""

from dataclasses import dataclass, field
from typing import Any

from .reason import Reason


@dataclass(frozen=True)
class Problem:
    """`nodes`, `edges` and `fields` are uids: where the editor shows it. `path` is a JSON pointer into the document.

    `trace`: the moves that lead there, of a workflow; `fix`: the edits that put it right, where that is obvious (`mending`).

    An error keeps a draft from being published, a warning does not. The advice is the catalogue's text `<code>.advice`.
    """

    reason: Reason
    severity: str = "error"
    nodes: tuple[str, ...] = ()
    edges: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    path: str = ""
    trace: tuple[dict[str, Any], ...] = ()
    fix: tuple[dict[str, Any], ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.reason.code,
            "params": self.reason.params,
            "severity": self.severity,
            "nodes": list(self.nodes),
            "edges": list(self.edges),
            "fields": list(self.fields),
            "path": self.path,
            "trace": list(self.trace),
            "fix": list(self.fix),
        }


@dataclass
class Found:
    """A list of problems under construction."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, code: str, params: dict[str, Any] | None = None, **where: Any) -> None:
        self.problems.append(Problem(Reason(code, params or {}), **where))

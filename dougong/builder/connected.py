"""The connections over which a workflow calls other systems: each is one that this company has set up.

A definition travels and its connections do not, so this is asked of the company and not of the documents.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from dougong.platform import connections
from dougong.runtime.problem import Problem
from dougong.runtime.reason import Reason


def problems(session: Session, doc: Mapping[str, Any]) -> Iterator[Problem]:
    nodes = doc.get("nodes", ()) if doc["kind"] == "workflow" else ()
    named = [(index, node, node.get("config", {}).get("connection")) for index, node in enumerate(nodes)]
    if not any(key for _, _, key in named):
        return
    known = {one.key for one in connections.listed(session)}
    for index, node, key in named:
        if isinstance(key, str) and key and key not in known:
            reason = Reason("call.no_connection", {"key": key})
            yield Problem(reason, nodes=(node["uid"],), path=f"/nodes/{index}/config/connection")

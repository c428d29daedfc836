"""How a ticket gets to a step of a workflow that is being drawn, in the reader's words."""

from collections.abc import Mapping
from typing import Any

from dougong import schemas
from dougong.platform.messages import language, say, t
from dougong.platform.regions import Names
from dougong.runtime.checks.reach import Reach, reach
from dougong.runtime.definition import COMPILED, Definition, Node
from dougong.runtime.reason import Refused
from dougong.runtime.upgrades import upgraded

from .checks.workflow import judged

Doc = Mapping[str, Any]


def reached(draft: Any, node: str, refs: Mapping[tuple[str, str], Doc]) -> dict[str, Any]:
    """{"sentence", "passes": [{"node", "title"}], "needs": [{"code", "message"}], "must": [edge uids], "may": [edge uids]}.

    Raises Refused where it is no workflow, is none that can be read yet, or has no such step.
    """
    kind = draft.get("kind") if isinstance(draft, dict) else draft
    if kind != "workflow":
        raise Refused("schema.choice", "/draft/kind", what="kind", expected="workflow", found=str(kind)[:40])
    doc = upgraded(draft)
    for path, code, params in schemas.problems("workflow", doc):
        raise Refused(code, f"/draft{path}", **params)
    definition, _ = judged(Definition.from_json(doc, [ref for (kind, _), ref in refs.items() if kind in COMPILED]))
    if node not in definition.node:
        raise Refused("check.no_such_step", "/node", node=node[:40])
    found = reach(definition, node, Names())
    return {
        "sentence": _sentence(definition.node[node], found),
        "passes": [{"node": one.uid, "title": one.title} for one in found.passes],
        "needs": [{"code": one.code, "message": say(one)} for one in found.needs],
        "must": found.must,
        "may": found.may,
    }


def _sentence(node: Node, found: Reach) -> str:
    if node.type == "start":
        return t("reach.begins")
    if not found.must and not found.may:
        return t("reach.never")
    between = "；" if language().startswith("zh") else "; "
    gaps = {"steps": [one.title for one in found.passes], "needs": between.join(say(one) for one in found.needs)}
    match bool(found.passes), bool(found.needs):
        case True, True:
            return t("reach.after_when", **gaps)
        case True, False:
            return t("reach.after", **gaps)
        case False, True:
            return t("reach.when", **gaps)
    return t("reach.freely")

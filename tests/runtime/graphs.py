"""Random drawings of all shapes for the checks: wild ones, and blocks within blocks of which some lines were led astray."""

import random

import networkx as nx

from dougong.runtime.definition import Definition
from dougong.runtime.nodes._type import NodeType
from dougong.runtime.regions import upstream
from dougong.runtime.shape import Shape
from tests.drawing import flow, node, task


def shape_of(definition, node):
    sets = {key: frozenset(node.config[key]) for key in ("cancels", "back") if key in node.config}
    return Shape(**{**node.config, **sets})


SHAPED = NodeType("shaped", {}, {}, "routing", "x", lambda at: None, shape=shape_of)


def any_drawing(chance: random.Random) -> Definition:
    nodes, edges = (wild if chance.random() < 0.5 else astray)(chance)
    return mended(nodes, edges)


def wild(chance: random.Random):
    uids = [f"n{index}" for index in range(chance.randint(2, 8))]
    shapes = {uid: _any_shape(chance, uids) for uid in uids}
    edges = [("start", "n0", {})]
    for index, uid in enumerate(uids):
        for _ in range(chance.choice([1, 1, 2, 2, 3])):
            onward = [*uids[index + 1 :], "end"] if chance.random() < 0.75 else [*uids, "end"]
            more = {"on": "other"} if chance.random() < 0.08 else {}
            if shapes[uid].get("split") == "some" and chance.random() < 0.3 and not more:
                more = {"default": not any(source == uid and "default" in one for source, _, one in edges)}
            edges.append((uid, chance.choice(onward), more))
    shapes["end"] = {"ends_all": True} if chance.random() < 0.1 else {}
    return shapes, edges


def _any_shape(chance: random.Random, uids):
    splits = [{}] * 14 + [{"split": "all"}] * 4 + [{"split": "some"}, {"races": True}]
    joins = [{}] * 13 + [{"join": "all"}] * 4 + [{"join": "reaching"}] * 2
    joins += [{"join": "count", "needs": chance.randint(1, 2), "rest": chance.choice(["ignored", "cancelled"])}] * 2
    found = {**chance.choice(splits), **chance.choice(joins)}
    if chance.random() < 0.04:
        found["cancels"] = chance.sample(uids, min(len(uids), chance.randint(1, 3)))
    if chance.random() < 0.06:
        found["back"] = [chance.choice(uids)]
    return found


SPLITS = {"xor": {}, "and": {"split": "all"}, "or": {"split": "some"}, "count": {"split": "all"}, "race": {"races": True}}
JOINS = {"xor": {}, "and": {"join": "all"}, "or": {"join": "reaching"}, "race": {}}


class Blocks:
    def __init__(self, chance: random.Random):
        self.chance, self.shapes, self.edges = chance, {}, []

    def new(self, **shape):
        uid = f"n{len(self.shapes)}"
        self.shapes[uid] = shape
        return uid

    def line(self, source, target):
        self.edges.append((source, target, {}))

    def after(self, before, **shape):
        uid = self.new(**shape)
        self.line(before, uid)
        return uid

    def block(self, before, depth):
        kind = self.chance.choice(["task", "task", "sequence", "loop", *SPLITS]) if depth else "task"
        if kind == "task":
            return self.after(before)
        if kind == "sequence":
            return self.block(self.block(before, depth - 1), depth - 1)
        return self.loop(before, depth) if kind == "loop" else self.branches(kind, before, depth)

    def loop(self, before, depth):
        head = self.after(before)
        last = self.after(self.block(head, depth - 1))
        self.line(self.after(last) if self.chance.random() < 0.5 else last, head)
        return last if self.chance.random() < 0.3 else self.after(last)

    def row(self, before, depth):
        """Steps one after the other, some of which may be left out."""
        last = self.after(before)
        for _ in range(self.chance.choice([0, 1, 1, 2])):
            skipped = last if self.chance.random() < 0.2 else None
            last = self.block(last, max(depth - 1, 0))
            if skipped:
                last = self.after(last)
                self.line(skipped, last)
        return last

    def branches(self, kind, before, depth, branch=None):
        count = self.chance.randint(2, 3)
        counting = {
            "join": "count",
            "needs": self.chance.randint(1, count),
            "rest": self.chance.choice(["ignored", "cancelled"]),
        }
        join = self.chance.choice(list(JOINS.values())) if self.chance.random() < 0.12 else JOINS.get(kind, counting)
        split = self.after(before, **SPLITS[kind])
        ends = [(branch or self.block)(split, depth - 1) for _ in range(count)]
        meet = self.new(**join)
        for end in ends:
            self.line(end, meet)
        if kind in ("and", "count") and self.chance.random() < 0.1:
            self.line(split, "end")
        return meet


def astray(chance: random.Random):
    drawing = Blocks(chance)
    drawing.line(drawing.block("start", 3), "end")
    uids = list(drawing.shapes)
    for _ in range(chance.choice([0, 0, 1, 1, 2])):
        index = chance.randrange(len(drawing.edges))
        source, _, more = drawing.edges[index]
        drawing.edges[index] = (source, chance.choice([*uids, "end"]), more)
    for shape in drawing.shapes.values():
        if chance.random() < 0.03:
            shape["back"] = [chance.choice(uids)]
    return {**drawing.shapes, "end": {}}, drawing.edges


def sent_back(chance: random.Random) -> Definition:
    """Steps in rows, in branches and behind them, most of which may send back, to any step before or to some."""
    drawing = Blocks(chance)
    last = drawing.after("start") if chance.random() < 0.5 else "start"
    for _ in range(chance.choice([1, 1, 1, 2])):
        last = drawing.branches(chance.choice(list(SPLITS)), last, chance.choice([1, 1, 2]), drawing.row)
        last = drawing.row(last, 1) if chance.random() < 0.4 else last
    drawing.line(last, "end")
    edges, uids = drawing.edges, [*drawing.shapes, "end"]
    for _ in range(chance.choice([0, 0, 1])):
        index = chance.randrange(len(edges))
        edges[index] = (edges[index][0], chance.choice(uids), {})
    plain = mended({**drawing.shapes, "end": {}}, edges)
    each = {uid for uid in plain.node if plain.node[uid].config.keys() <= {"split", "races"}} - {"end"}
    nodes, scope = [], chance.choice(["any", "any", "some", "wild"])
    for one in plain.nodes:
        earlier = sorted(upstream(plain, one.uid) & each)
        back = chance.sample(sorted(each), 1) if scope == "wild" and chance.random() < 0.3 else earlier
        if scope == "some":
            back = [uid for uid in back if chance.random() < 0.6]
        may = one.type == "shaped" and plain.out[one.uid] and chance.random() < 0.6
        nodes.append(node(one.uid, one.type, **one.config, **({"back": back} if may and back else {})))
    return flow(nodes, [dict(edge) for edge in plain.doc["edges"]])


def mended(shapes, edges) -> Definition:
    """Only what can be reached, each with a way to the end: what the checks of the shape ask for."""
    graph = nx.DiGraph([(source, target) for source, target, _ in edges])
    kept = (nx.descendants(graph, "start") | {"end"}) & shapes.keys()
    edges = [edge for edge in edges if edge[0] in (*kept, "start") and edge[0] != "end"]
    graph = nx.DiGraph([(source, target) for source, target, _ in edges])
    graph.add_nodes_from(["end"])
    stays = kept - nx.ancestors(graph, "end") - {"end"}
    edges += [(uid, "end", {}) for uid in sorted(stays)]
    graph.add_edges_from((uid, "end") for uid in stays)
    if "end" not in nx.descendants(graph, "start"):
        edges.append((next(target for source, target, _ in edges if source == "start"), "end", {}))
    for uid in kept:
        waits = [target != "end" and shapes[target].keys() <= {"split"} for source, target, _ in edges if source == uid]
        if not all(waits):
            shapes[uid].pop("races", None)  # only steps that wait can race
    each = {uid for uid in kept if shapes[uid].get("join", "each") == "each" and uid != "end"}
    nodes = [node("start", "start"), *(_drawn(uid, shapes[uid], each) for uid in shapes if uid in kept)]
    ways = [
        {"uid": f"e{index}", "source": source, "target": target, **more} for index, (source, target, more) in enumerate(edges)
    ]
    return flow(nodes, ways)


def _drawn(uid, shape, each):
    shape = {
        key: [one for one in value if one in each] if key in ("back", "cancels") else value for key, value in shape.items()
    }
    return node(uid, "shaped", **shape)


def of_real_steps(definition: Definition) -> Definition | None:
    """The same drawing of steps that the interpreter knows, where there are such."""
    nodes = []
    for one in definition.nodes:
        shape, ways = one.config, len(definition.out[one.uid])
        joins, splits = "join" in shape, "split" in shape or "races" in shape
        if (joins and (splits or ways != 1)) or "back" in shape or "cancels" in shape:
            return None
        if one.type != "shaped":
            nodes.append(node(one.uid, one.type))
        elif not ways:
            nodes.append(node(one.uid, "terminate" if "ends_all" in shape else "end"))
        elif joins:
            more = {key: shape[key] for key in ("needs", "rest") if key in shape}
            nodes.append(node(one.uid, "join", mode=shape["join"], **more))
        elif splits and ways > 1:
            nodes.append(node(one.uid, "first" if "races" in shape else "fork" if shape["split"] == "all" else "some"))
        else:
            nodes.append(task(one.uid) if ways == 1 else node(one.uid, "decide"))
    edges = [dict(edge) for edge in definition.doc["edges"]]
    return None if any("on" in edge for edge in edges) else flow(nodes, edges)

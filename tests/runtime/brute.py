"""The token game played by brute force, straight from what `Shape` says: every state, every move, nothing left out.

It shares no code with the checks but `Shape` and `regions`, which say what is meant.
"""

from itertools import combinations

from dougong.runtime.definition import Definition
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.regions import before, since

MOST_STATES = 3000
ENTRY = "(entry)"


class TooLarge(Exception):
    pass


class Player:
    """A state: the edges on which tokens stand, and those over which somebody has come to a join that swallows the rest."""

    def __init__(self, definition: Definition):
        self.definition = definition
        self.shapes = {node.uid: NODE_TYPES[node.type].shape(definition, node) for node in definition.nodes}
        self.target = {edge.uid: edge.target for edge in definition.edges} | {ENTRY: definition.start.uid}
        self.source = {edge.uid: edge.source for edge in definition.edges}
        self.into = {node.uid: [edge.uid for edge in definition.into[node.uid]] for node in definition.nodes}
        self.into[definition.start.uid].append(ENTRY)
        for uid, shape in self.shapes.items():
            for place in shape.back:
                back = f"{uid}~{place}"
                self.target[back], self.source[back] = place, uid
                self.into[place].append(back)

    def stands(self, edge, nodes):
        """Who waits for the first of several events stands there too."""
        source = self.source.get(edge)
        return self.target[edge] in nodes or (source in nodes and self.shapes[source].races)

    def choices(self, uid):
        shape, ways = self.shapes[uid], self.definition.out[uid]
        alone = [(edge.uid,) for edge in ways if edge.on]
        main = [edge for edge in ways if not edge.on]
        if shape.split == "all" or shape.races:
            alone += [tuple(edge.uid for edge in main)] if main else []
        elif shape.split == "some":
            alone += [(edge.uid,) for edge in main if edge.default]
            rest = [edge.uid for edge in main if not edge.default]
            alone += [some for count in range(len(rest)) for some in combinations(rest, count + 1)]
        else:
            alone += [(edge.uid,) for edge in main]
        return [*alone, *((f"{uid}~{place}",) for place in sorted(shape.back))] or [()]

    def takings(self, uid, tokens, came):
        """(taken away, came afterwards, goes on) for each way in which a step may begin."""
        shape, here = self.shapes[uid], [edge for edge in self.into[uid] if edge in tokens]
        if shape.join == "each":
            yield from (({edge}, came, True) for edge in here)
        elif shape.join == "all":
            if here and len(here) == len(self.into[uid]):
                yield set(here), came, True
        elif shape.join == "reaching":
            region = before(self.definition, uid, [edge.uid for edge in self.definition.into[uid]])
            if here and not any(self.stands(edge, region) for edge in tokens):
                yield set(here), came, True
        else:
            yield from self._counted(uid, shape, here, tokens, came)

    def _counted(self, uid, shape, here, tokens, came):
        gone_on = [edge for edge in self.into[uid] if edge in came]
        if gone_on:
            for edge in here:
                if edge not in came:
                    now = came | {edge}
                    yield {edge}, now - set(self.into[uid]) if now.issuperset(self.into[uid]) else now, False
                    return
        elif len(here) >= shape.needs:
            missing = [edge for edge in self.into[uid] if edge not in here]
            if shape.rest == "cancelled":
                region = before(self.definition, uid, missing)
                yield set(here) | {edge for edge in tokens if self.stands(edge, region)}, came, True
            else:
                yield set(here), came | set(here) if missing else came, True

    def moves(self, state):
        """(step, edges left over, next state, edges on which there was a token already). Joins that count go on at once."""
        tokens, came = state
        counting = [uid for uid, shape in self.shapes.items() if shape.join == "count"]
        for uid in counting:
            found = list(self.of(uid, tokens, came))
            if found:
                return found
        return [move for uid in self.shapes if uid not in counting for move in self.of(uid, tokens, came)]

    def of(self, uid, tokens, came):
        shape = self.shapes[uid]
        for taken, now, goes_on in self.takings(uid, tokens, came):
            rest = set(tokens) - taken
            for edge in taken & set(self.into[uid]):
                racing = self.source.get(edge)
                if racing and self.shapes[racing].races:
                    rest -= {one.uid for one in self.definition.out[racing]}
            if goes_on:
                rest -= {edge for edge in rest if self.stands(edge, shape.cancels)}
            for ways in self.choices(uid) if goes_on else [()]:
                left = set(rest)
                for way in ways:
                    if "~" in way:
                        left -= {edge for edge in left if self.stands(edge, since(self.definition, self.target[way], uid))}
                if shape.ends_all:
                    yield uid, ways, (frozenset(), frozenset()), []
                    continue
                yield uid, ways, (frozenset(left | set(ways)), now), [way for way in ways if way in left]


def faults(definition: Definition):
    """What is wrong, in words; empty where the workflow is sound. Raises TooLarge."""
    player = Player(definition)
    begin = (frozenset([ENTRY]), frozenset())
    states, before_it, todo, entered, found, ends = {begin: 0}, [[]], [begin], set(), set(), []
    for state in todo:
        moves = player.moves(state)
        if not moves:
            ends.append(states[state])
            found |= {"stuck"} if state[0] else set()
        for uid, ways, after, clash in moves:
            entered.add(uid)
            if clash:
                found.add("clash")
                ends.append(states[state])
                continue
            if after not in states:
                if len(states) > MOST_STATES:
                    raise TooLarge
                states[after] = len(states)
                before_it.append([])
                todo.append(after)
            if not any(way in player.shapes[uid].turns for way in ways):  # a loop with a cap does not help for ever
                before_it[states[after]].append(states[state])
    if len(_leading_to(ends, before_it)) < len(states):
        found.add("endless")
    if not found and entered != {node.uid for node in definition.nodes}:
        found.add("dead")
    return found


def _leading_to(ends, before_it):
    leads, todo = set(ends), list(ends)
    while todo:
        new = set(before_it[todo.pop()]) - leads
        leads |= new
        todo += new
    return leads

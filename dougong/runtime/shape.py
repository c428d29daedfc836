"""How a step takes and passes tokens: what the checks know of a node type, with all conditions taken as free."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Shape:
    """`join`: "each" token goes through by itself; "all": one from every way in; "count": `needs` of the ways in, `rest` of
    them being "ignored" (they are swallowed until all have come, then it begins anew) or "cancelled" (what could still come in
    over the ways that are missing is taken away); "reaching" (inclusive): waits until no further token can reach it.

    `split` of the ways out without an outcome (`Edge.on`): "one" of them, "some" (one or more; the default way only alone) or
    "all". Each way out that is for an outcome is an alternative to them, taken alone; without one drawn the step does not
    leave that way.

    `waits`: somebody or something has to answer. `ends_all`: it ends every token of the case, and `may_end_all` does so as an
    alternative to its ways out. `cancels`: nodes whose tokens it
    takes away when it is left. `races`: its ways out begin together, and the first that goes on takes the others away.
    `back`: nodes to which it may send the case back, taking away all that stands behind them. `multiple`: several tokens on
    one way are meant. `turns`: how often a way out may be taken at most (a loop with a cap), by edge.
    """

    join: str = "each"
    needs: int = 0
    rest: str = "ignored"
    split: str = "one"
    waits: bool = False
    ends_all: bool = False
    may_end_all: bool = False
    cancels: frozenset[str] = frozenset()
    races: bool = False
    back: frozenset[str] = frozenset()
    multiple: bool = False
    turns: dict[str, int] = field(default_factory=dict)

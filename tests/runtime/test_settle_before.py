"""A step that settles by what was counted before: asked of the world, recorded in the step, and the lines come to the whole."""

import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from dougong.runtime import interpreter
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.settlement import Line, Settlement, counted_before, drawn, run
from dougong.runtime.world import Question, World, replayed
from tests.drawing import NOW, chain, edge, field, flow, form_doc, node, text

COLUMNS = [field("product"), field("amount", "money"), field("day", "date"), field("fee", "money")]
ORDER = form_doc(
    field("dealer"), field("day", "date"), field("amount", "money"), field("total", "money"), field("product"),
    field("items", "subform", config={"columns": COLUMNS}),
)  # fmt: skip
MONTH = {"period": "month"}
TIERS = [{"uid": "low", "below": "500", "percent": "10"}, {"uid": "high", "below": None, "percent": "20"}]
ADDED = {"model": "graduated_percentage", "measure": {"sum": "amount", "over": MONTH}, "marginal": True, "tiers": TIERS}
THIRD = {
    "model": "volume_percentage", "measure": {"sum": "amount"}, "qualifier": {"count": True, "over": {**MONTH, "so_far": True}},
    "tiers": [{"uid": "free", "below": "3", "percent": "0"}, {"uid": "paid", "below": None, "percent": "10"}],
}  # fmt: skip
POOL = {"uid": "pool", "title": text("pool"), "measure": {"sum": "amount"}, "percent": "10", "budget": "50"}
TAKEN = {name: name for name in ("dealer", "day", "amount", "product")}
PLAIN = {"model": "percentage", "measure": {"sum": "amount"}, "percent": "10"}


def bonus(charge=ADDED, **more):
    return {
        "format": 1, "uid": "bonus", "kind": "settlement", "key": "bonus", "title": text("bonus"), "partner": "dealer",
        "date": "day", "currency": "CNY",
        "inputs": [field("dealer"), field("day", "date"), field("amount", "money"), field("product")],
        "line": {"dimensions": [], "rules": [{"uid": "one", "when": {}, "charge": charge}]}, **more,
    }  # fmt: skip


class Ledger:
    """A world in which what the steps have settled stands."""

    def __init__(self, doc):
        self.doc, self.settlement, self.lines = doc, Settlement.from_json(doc), []

    def answer(self, question):
        match question.kind:
            case "counted_before":
                return counted_before(self.settlement, question.args, [Line(one["values"]) for one in self.lines])
            case "drawn_before":
                gone = drawn(self.lines)
                return {"gone": {one.rule.uid: str(gone.get(one.rule.uid, 0)) for one in self.settlement.pools}}
        return question.args["values"]

    def settled(self, data, *steps):
        definition = chain(*(steps or [step_of()]), "end", refs=(ORDER, self.doc))
        data = {"dealer": "d1", "day": "2026-03-01", **data}
        done = interpreter.start(definition, data, World(NOW, self.answer, "person:anna"))
        self.lines += [effect.args for _, effect in done.effects]
        known = [(Question(*asked), found) for asked, found in json.loads(json.dumps(done.answers))]
        again = interpreter.start(definition, data, World(NOW, replayed(known), "person:anna"))
        assert (again.effects, again.case.data, again.trail) == (done.effects, done.case.data, done.trail)
        return done

    @property
    def amounts(self):
        return [one["amount"] for one in self.lines]


def step_of(uid="s", **config):
    return node(uid, "settle", **{"settlement": "bonus", "inputs": TAKEN, "amount_field": "total", **config})


def rows(*amounts, **more):
    return {"items": [{"amount": amount, **more} for amount in amounts]}


def incident(step):
    return next(token.reason for token in step.case.tokens.values() if token.reason)


def test_a_ticket_is_priced_by_what_it_adds_to_those_before_it():
    ledger = Ledger(bonus())
    done = [ledger.settled({"amount": amount}) for amount in ("400", "400", "100")]
    assert ledger.amounts == ["40.00", "70.00", "20.00"]
    assert [step.case.data["total"] for step in done] == ["40.00", "70.00", "20.00"]
    ledger.settled({"amount": "400", "dealer": "d2"})
    ledger.settled({"amount": "400", "day": "2026-04-01"})
    assert ledger.amounts[3:] == ["40.00", "40.00"], "another dealer's and another month's count for nothing"


def test_what_is_recorded_of_the_lines_before_is_how_many_and_what_they_come_to():
    ledger = Ledger(bonus())
    for amount in ("400", "400"):
        done = ledger.settled({"amount": amount})
    asked, found = done.answers[-1]
    assert asked == (
        "counted_before",
        {"settlement": "bonus", "version": 0, "measure": {"sum": "amount"}, "currency": "CNY", "group": {"dealer": "d1"},
         "since": "2026-03-01", "below": "2026-04-01"},
    )  # fmt: skip
    assert found == {"lines": 1, "sum": "400"}
    code, params, amount, _ = ledger.lines[-1]["parts"][0]
    assert (code, params, amount) == ("settle.part.before", {"lines": "1", "measured": "400"}, "0")


def test_rows_count_one_after_the_other_and_the_ledger_is_asked_once():
    ledger = Ledger(bonus())
    ledger.settled({"amount": "100"})
    done = ledger.settled(rows("300", "300", "100"), step_of(over="items", amount_field="fee"))
    assert ledger.amounts == ["10.00", "30.00", "50.00", "20.00"]
    assert [row["fee"] for row in done.case.data["items"]] == ["30.00", "50.00", "20.00"]
    assert [asked.kind for asked, _ in done.answers].count("counted_before") == 1


def test_a_second_step_counts_what_the_first_has_settled_at_the_same_time():
    ledger = Ledger(bonus())
    ledger.settled({"amount": "400"}, step_of("s"), step_of("again"))
    assert ledger.amounts == ["40.00", "70.00"]


def test_what_has_no_price_is_not_counted_by_who_comes_next():
    """One branch stops at a row without an amount that is one; the other settles as if nothing had been."""
    nodes = [
        node("start", "start"), node("f", "fork"), step_of("s", over="items"), step_of("t"), node("e", "end"), node("z", "end"),
    ]  # fmt: skip
    ways = ["start>f", edge("f>s"), edge("f>t"), "s>e", "t>z"]
    data = {"dealer": "d1", "day": "2026-03-01", "amount": "400", **rows("400", "much")}
    world = World(NOW, Ledger(bonus()).answer, "person:anna")
    done = interpreter.start(flow(nodes, ways, ORDER, bonus()), data, world)
    assert (incident(done).code, incident(done).params["row"]) == ("settle.row", 2)
    assert [effect.args["amount"] for _, effect in done.effects] == ["40.00"]


def test_which_one_of_the_month_it_is():
    ledger = Ledger(bonus(THIRD))
    ledger.settled({"amount": "100"})
    ledger.settled(rows("100", "100"), step_of(over="items"))
    ledger.settled({"amount": "100"})
    assert ledger.amounts == ["0.00", "0.00", "10.00", "10.00"]


def test_a_pool_is_drawn_from_first_come_first():
    ledger = Ledger(bonus(PLAIN, pools=[POOL]))
    done = ledger.settled({"amount": "300"})
    assert done.case.data["total"] == "60.00", "the ticket says what the line says"
    ledger.settled(rows("100", "300", "300"), step_of(over="items"))
    assert ledger.amounts == ["60.00", "20.00", "40.00", "30.00"]
    ledger.settled({"amount": "-300"})
    ledger.settled({"amount": "400"})
    assert ledger.amounts[4:] == ["-60.00", "70.00"], "a return gives back what it drew"


def test_what_looks_at_lines_to_come_prices_no_ticket_and_is_told_while_drawing():
    whole = bonus({**THIRD, "qualifier": {"count": True, "over": MONTH}})
    done = Ledger(whole).settled({"amount": "100"})
    assert incident(done).code == "settle.line_depends_on_others" and not done.effects
    for doc, problems in ((whole, ["settle.line_depends_on_others"]), (bonus(), []), (bonus(PLAIN, pools=[POOL]), [])):
        definition = chain(step_of(), "end", refs=(ORDER, doc))
        found = NODE_TYPES["settle"].check(definition, definition.node["s"])
        assert [reason.code for _, reason in found] == problems


def test_why_it_is_not_known_what_was_counted_is_an_answer_too():
    ledger = Ledger(bonus({**ADDED, "measure": {"formula": "1000 / amount", "over": MONTH}}))
    ledger.lines.append({"settlement": "bonus", "values": {"dealer": "d1", "day": "2026-03-01", "amount": "0"}})
    done = ledger.settled({"amount": "10"})
    assert done.answers[-1][1]["code"] == incident(done).code == "formula.division_by_zero"


AMOUNTS = st.lists(st.integers(-30_000, 60_000).map(lambda cents: str(Decimal(cents) / 100)), min_size=1, max_size=6)


@given(AMOUNTS, st.data())
def test_in_any_order_and_however_they_are_put_on_tickets_the_lines_come_to_the_whole(amounts, data):
    doc = bonus()
    whole = Settlement.from_json({**doc, "line": {**doc["line"], "rules": [
        {"uid": "one", "when": {}, "charge": {**ADDED, "measure": {"sum": "amount"}}},
    ]}})  # fmt: skip
    [(_, once)] = run(whole, [("1", {"dealer": "d1", "day": "2026-03-01", "amount": str(sum(map(Decimal, amounts)))})]).rated
    ledger, left = Ledger(doc), data.draw(st.permutations(amounts))
    while left:
        size = data.draw(st.integers(1, len(left)))
        mine, left = left[:size], left[size:]
        if size == 1:
            ledger.settled({"amount": mine[0]})
        else:
            ledger.settled(rows(*mine), step_of(over="items"))
    assert sum(map(Decimal, ledger.amounts)) == once.amount

"""Lines of the ledger as they are read to be stated: what they say alike is kept once, and nothing else than was said."""

from dougong.runtime.host.settlement.adjusting import left, uneven
from dougong.runtime.host.settlement.brought import Brought, brought


def row(id: str, **inputs: object) -> tuple[object, ...]:
    alike = (f"{one} said" for one in Brought._fields[3:])
    return id, f"line:{id}", inputs, *("".join(list(one)) for one in alike)  # each a text of its own


def test_what_many_lines_say_alike_stands_in_memory_once() -> None:
    partners = [{"id": "r1", "title": "诚信"} for _ in range(2)]
    one, two = brought(row(id, who=who, type="".join(["ke", "y"])) for id, who in zip("ab", partners, strict=True))
    assert one._replace(id="b", source="line:b") == two
    assert all(getattr(one, name) is getattr(two, name) for name in Brought._fields[3:])
    assert one.inputs["who"] is two.inputs["who"] and one.inputs["type"] is two.inputs["type"]


def test_what_is_alike_only_to_python_stays_what_it_is() -> None:
    values = [True, 1, 1.0, {"a": True}, {"a": 1}, ["x"], None, "1"]
    assert [repr(one.inputs["x"]) for one in brought(row("a", x=value) for value in values)] == list(map(repr, values))


def test_a_line_and_what_takes_it_back_are_left_out_of_a_statement_where_they_come_to_nothing() -> None:
    """Of a line that is worth what it adds to others another amount may go than came."""
    [line, same, other] = brought([row("a", x=1), row("b", x=1), row("c", x=1)])
    line = line._replace(amount="100.00")
    for amount, stays in (("-100.00", ["c"]), ("-90.00", ["a", "b", "c"])):
        lines = [line, same._replace(source="reversal:a", amount=amount), other]
        assert ([one.id for one in uneven(lines)], [one.id for one in left(lines)]) == (stays, ["c"])

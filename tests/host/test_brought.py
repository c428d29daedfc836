"""Lines of the ledger as they are read to be stated: what they say alike is kept once, and nothing else than was said."""

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

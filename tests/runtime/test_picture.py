"""Where boxes and lines stand, and texts with gaps."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dougong.runtime.picture import HEIGHT, WIDTH, picture
from dougong.runtime.template import fields_of, filled
from dougong.runtime.texts import pick
from tests.drawing import chain, edge, flow, node, task


def layout(**places):
    return {"nodes": {uid: {"x": x, "y": y} for uid, (x, y) in places.items()}}


def overlaps(places):
    boxes = list(places.values())
    return [
        (one, other) for index, one in enumerate(boxes) for other in boxes[index + 1 :]
        if abs(one[0] - other[0]) < WIDTH and abs(one[1] - other[1]) < HEIGHT
    ]  # fmt: skip


def test_it_stands_as_the_designer_left_it_moved_to_the_corner():
    nodes = [node("start", "start"), task("a"), node("end", "end")]
    doc = layout(start=(-300, 50), a=(-60, 50), end=(180, 160), removed=(-9000, -9000))
    drawn = picture(flow(nodes, ["start>a", "a>end"], layout=doc))
    assert drawn.places == {"start": (16, 24), "a": (256, 24), "end": (496, 134)}
    assert drawn.width >= 496 + WIDTH
    assert drawn.height >= 134 + HEIGHT


def test_where_a_place_is_missing_it_is_laid_out_in_layers_without_overlaps():
    nodes = [node("start", "start"), node("f", "fork"), task("a"), task("b"), node("j", "join"), node("end", "end")]
    drawn = picture(flow(nodes, ["start>f", "f>a", "f>b", "a>j", "b>j", "j>end"], layout=layout(start=(0, 0))))
    columns = [drawn.places[uid][0] for uid in ("start", "f", "a", "j", "end")]
    assert columns == sorted(set(columns))
    assert drawn.places["a"][0] == drawn.places["b"][0]
    assert overlaps(drawn.places) == []


def test_lines_run_from_the_right_side_to_the_left_side():
    drawn = picture(chain(task("a"), "end"))
    for uid, (source, target) in {"start_a": ("start", "a"), "a_end": ("a", "end")}.items():
        line = drawn.lines[uid]
        assert line[0] == (drawn.places[source][0] + WIDTH, drawn.places[source][1] + HEIGHT // 2)
        assert line[-1] == (drawn.places[target][0], drawn.places[target][1] + HEIGHT // 2)


def test_a_way_back_goes_over_the_top():
    nodes = [node("start", "start"), task("a"), node("d", "decide"), node("end", "end")]
    drawn = picture(flow(nodes, ["start>a", "a>d", "d>a", "d>end"]))
    assert min(y for _, y in drawn.lines["d_a"]) < min(y for _, y in drawn.places.values())


def test_nothing_drawn_is_an_empty_picture():
    assert picture(flow([], [])).places == {}


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30))
def test_any_graph_can_be_drawn_every_box_once_and_apart(ways):
    nodes = [node("start", "start"), *(task(f"n{index}") for index in range(10))]
    edges = [edge(f"n{one}>n{other}", uid=f"e{index}") for index, (one, other) in enumerate(ways)]
    drawn = picture(flow(nodes, ["start>n0", *edges]))
    assert set(drawn.places) == {one["uid"] for one in nodes}
    assert set(drawn.lines) == {"start_n0", *(one["uid"] for one in edges)}
    assert overlaps(drawn.places) == []
    for line in drawn.lines.values():
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(line))  # orthogonal


def test_a_chain_of_two_thousand_is_drawn():
    assert len(picture(chain(*(task(f"n{index}") for index in range(1990)), "end")).places) == 1992


@pytest.mark.parametrize(
    ("text", "data", "said"),
    [
        ("{name}（{count} 台）", {"name": "林女士", "count": 2}, "林女士（2 台）"),
        ("{name} {gone}", {"name": "林女士", "gone": None}, "林女士"),
        ("{name}", {}, ""),
        ("{Name} {a.b} {a b} {} {{name}}", {"name": "x"}, "{Name} {a.b} {a b} {} {x}"),
        ("{unit}", {"unit": {"id": "u", "title": "华南"}}, "华南"),
        ("{__class__}", {}, "{__class__}"),
        ("{a}", {"a": "{b}", "b": "no"}, "{b}"),
    ],
)
def test_gaps_hold_names_of_fields_and_nothing_else(text, data, said):
    assert filled(text, data) == said


def test_a_value_is_put_in_words_by_whoever_knows_how():
    assert filled("{level}", {"level": "vip"}, lambda key, value: f"{key}:{value.upper()}") == "level:VIP"


def test_the_fields_of_a_text_in_their_order():
    assert fields_of("{b} and {a} and {b}") == ["b", "a", "b"]


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ({"zh-Hans": "漏水", "en": "leak"}, "en", "leak"),
        ({"zh-Hans": "漏水"}, "en", "漏水"),
        ({"en": "leak"}, "zh-Hans", "leak"),
        ({"ja": "水漏れ"}, "en", "水漏れ"),
        ({"en": "", "zh-Hans": "漏水"}, "en", "漏水"),
        ("plain", "en", "plain"),
        (None, "en", ""),
        ({}, "en", ""),
    ],
)
def test_a_text_is_found_in_another_language_where_one_is_missing(text, language, found):
    assert pick(text, language) == found

"""Where boxes and lines stand, and texts with gaps."""

from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dougong.runtime.picture import HEIGHT, WIDTH, picture
from dougong.runtime.template import fields_of, filled
from dougong.runtime.texts import pick
from tests.drawing import chain, edge, flow, node, task, through_boxes


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
    assert drawn.places == {"start": (16, 16), "a": (256, 16), "end": (496, 126)}
    assert drawn.width >= 496 + WIDTH
    assert drawn.height >= 126 + HEIGHT


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


def test_a_way_back_goes_around_its_boxes():
    nodes = [node("start", "start"), task("a"), node("d", "decide"), node("end", "end")]
    definition = flow(nodes, ["start>a", "a>d", "d>a", "d>end"])
    assert through_boxes(definition) == []
    drawn = picture(definition)
    heights, top = [y for _, y in drawn.lines["d_a"]], drawn.places["a"][1]
    assert min(heights) < top or max(heights) > top + HEIGHT


def test_a_line_to_the_next_row_runs_between_the_rows():
    nodes = [node("start", "start"), *(task(name) for name in "abcde"), node("end", "end")]
    doc = layout(start=(0, 0), a=(240, 0), b=(480, 0), c=(0, 120), d=(240, 120), e=(480, 120), end=(720, 120))
    definition = flow(nodes, ["start>a", "a>b", "b>c", "c>d", "d>e", "e>end"], layout=doc)
    drawn = picture(definition)
    assert through_boxes(definition) == []
    heights = [y for _, y in drawn.lines["b_c"]]
    assert heights[0] == heights[1] < heights[2] == heights[3] < heights[4] == heights[5]
    assert drawn.places["b"][1] + HEIGHT < heights[2] < drawn.places["c"][1]


def test_lines_between_other_boxes_do_not_lie_on_each_other():
    nodes = [node("start", "start"), *(task(name) for name in "abcd")]
    doc = layout(start=(0, 300), a=(0, 0), b=(0, 100), c=(240, 200), d=(240, 300))
    drawn = picture(flow(nodes, ["a>c", "b>d"], layout=doc))
    assert [len(line) for line in drawn.lines.values()] == [4, 4]
    assert drawn.lines["a_c"][1][0] != drawn.lines["b_d"][1][0]
    together = picture(flow(nodes, ["a>c", "b>c"], layout=doc))
    assert together.lines["a_c"][1][0] == together.lines["b_c"][1][0]


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
    assert all(one[0] == other[0] or one[1] == other[1] for line in drawn.lines.values() for one, other in pairwise(line))


PLACES = st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 60), st.integers(0, 40))
WAYS = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=14, unique=True)


@given(st.lists(PLACES, min_size=10, max_size=10, unique_by=lambda place: place[:2]), WAYS, st.booleans())
def test_no_line_goes_through_a_box_wherever_they_stand(places, ways, as_drawn):
    nodes = [node("start", "start"), *(task(f"n{index}") for index in range(9))]
    corners = [(column * (WIDTH + 60) + x, row * (HEIGHT + 40) + y) for column, row, x, y in places]  # some touch
    doc = layout(**dict(zip([one["uid"] for one in nodes], corners, strict=True))) if as_drawn else {}
    definition = flow(nodes, ["start>n0", *(edge(f"n{one}>n{other}") for one, other in ways)], layout=doc)
    assert through_boxes(definition) == []
    drawn = picture(definition)
    points = [point for line in drawn.lines.values() for point in line]
    assert all(0 < x < drawn.width and 0 < y < drawn.height for x, y in points)


def test_boxes_on_one_another_are_joined_all_the_same():
    drawn = picture(flow([node("start", "start"), task("a")], ["start>a"], layout=layout(start=(0, 0), a=(20, 10))))
    assert len(drawn.lines["start_a"]) > 1


def test_where_too_much_is_drawn_the_search_ends():
    """A line costs a search only as far as the ways are still to be seen one by one."""
    nodes = [node("start", "start"), *(task(f"n{index}") for index in range(200))]
    ways = [edge(f"n{index * 7 % 200}>n{index * 31 % 200}", uid=f"e{index}") for index in range(300)]
    doc = layout(
        **{one["uid"]: (index % 15 * 230 + index % 7, index // 15 * 90 + index % 11) for index, one in enumerate(nodes)}
    )
    began = process_time()
    assert len(picture(flow(nodes, ["start>n0", *ways], layout=doc)).lines) == 301
    assert process_time() - began < 10  # about one; without an end to it, a minute


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

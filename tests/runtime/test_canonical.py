"""Documents from outside are read with suspicion and written in one form."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dougong.runtime.canonical import MAX_INTEGER, canonical, clean, content_hash, parse
from dougong.runtime.reason import Refused

WORDS = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcé", max_size=3), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


def refused(raw: bytes | str, **limits) -> Refused:
    with pytest.raises(Refused) as caught:
        parse(raw.encode() if isinstance(raw, str) else raw, **limits)
    return caught.value


def test_a_document_is_read_as_it_is():
    raw = '{"a": [1, "1.50", true, null, {"漏水": "是"}]}'.encode()
    assert parse(raw) == {"a": [1, "1.50", True, None, {"漏水": "是"}]}


def test_a_byte_order_mark_is_no_part_of_the_document():
    assert parse(b"\xef\xbb\xbf[1]") == [1]


@pytest.mark.parametrize("number", ["1.5", "-0.0", "1e5", "10.50", "NaN", "Infinity", "-Infinity"])
def test_a_number_with_a_fraction_is_refused_with_its_path(number):
    found = refused(f'{{"a": {{"b": [0, {number}]}}}}')
    assert (found.reason.code, found.path) == ("json.inexact", "/a/b/1")


def test_a_number_that_a_browser_would_change_is_refused():
    assert parse(str(MAX_INTEGER).encode()) == MAX_INTEGER
    assert refused(f"[{MAX_INTEGER + 1}]").reason.code == "json.number_too_large"
    assert refused("[" + "9" * 5000 + "]").reason.code == "json.number_too_large"


def test_a_key_that_stands_twice_is_refused_and_named():
    found = refused('{"x": {"a": 1, "b": 2, "a": 3}}')
    assert (found.reason.code, found.path, found.reason.params) == ("json.duplicate_key", "/x", {"key": "a"})


def test_a_slash_in_a_key_is_escaped_in_the_path():
    assert refused('{"a/b~c": 1.5}').path == "/a~1b~0c"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"\xff\xfe", "json.not_utf8"),
        (b"{", "json.syntax"),
        (b"", "json.syntax"),
        (b"[1] 2", "json.syntax"),
        (b'["\\u0000"]', "json.control_character"),
        (b'["\\ud800"]', "json.control_character"),
    ],
)
def test_what_is_no_json_is_refused(raw, code):
    assert refused(raw).reason.code == code


def test_a_syntax_error_says_where():
    assert refused('{"a": 1,\n "b" 2}').reason.params == {"line": 2, "column": 6}


def test_a_deep_document_is_refused_before_it_is_parsed():
    assert refused("[" * 100_000 + "]" * 100_000).reason.code == "json.too_deep"
    assert parse(b"[" * 60 + b"]" * 60)


def test_brackets_within_texts_do_not_count_as_depth():
    text = "[" * 500 + '"' + "{" * 500
    assert parse(json.dumps([text, "\\"]).encode()) == [text, "\\"]


def test_a_long_document_and_a_long_text_are_refused():
    assert refused(b"[1, 2]", max_bytes=5).reason.params == {"found": 6, "limit": 5}
    assert refused(json.dumps(["x" * 100_001])).reason.code == "json.string_too_long"


def test_texts_and_keys_come_out_in_one_composition():
    assert clean({"e\u0301": "e\u0301"}) == {"\u00e9": "\u00e9"}


@pytest.mark.parametrize("odd", [1.5, float("nan"), {1, 2}, object(), b"x"])
def test_what_json_cannot_hold_is_refused_from_python_too(odd):
    with pytest.raises(Refused):
        clean([odd])


def test_canonical_form_sorts_keys_and_keeps_chinese_readable():
    assert canonical({"b": 1, "a": "漏水"}) == '{\n "a": "漏水",\n "b": 1\n}\n'.encode()


@given(JSON)
def test_canonical_form_reads_back_as_the_same_and_is_a_fixed_point(doc):
    once = canonical(clean(doc))
    assert parse(once) == clean(doc)
    assert canonical(parse(once)) == once


def test_the_hash_means_content_not_order_nor_places_on_the_canvas():
    one = {"a": 1, "b": [1, 2], "layout": {"nodes": {"x": {"x": 0, "y": 0}}}}
    other = {"b": [1, 2], "layout": {"nodes": {}}, "a": 1}
    assert content_hash(one) == content_hash(other)
    assert content_hash(one) != content_hash({**one, "b": [2, 1]})

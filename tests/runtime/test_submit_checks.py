"""What is checked when a form is sent: told at a field that may be filled in, not asked where nothing can be done about it."""

from dougong.runtime.fields._type import Codes
from dougong.runtime.form import Form
from dougong.runtime.form_view import form_view
from tests.drawing import NOW, all_of, field, form_doc, load, rule, text

ORDER = {"uid": "c1", "formula": "ends >= begins", "message": text("ends after it begins")}
SUM = {"uid": "c2", "formula": "SUM(items.n) <= most", "message": text("too many")}
ITEMS = field("items", "subform", config={"columns": [field("n", "number")]})
FIELDS = (field("begins", "date"), field("ends", "date"), field("most", "number"), ITEMS)


def checked(*checks, fields=FIELDS):
    return Form.from_json(form_doc(*fields, checks=list(checks)))


def told(loaded):
    return {key: reason.params.get("message", {}).get("en", reason.code) for key, reason in loaded.errors.items()}


def test_what_is_untrue_is_told_at_the_last_field_that_it_names():
    both = checked(ORDER, SUM)
    wrong = {"begins": "2026-02-01", "ends": "2026-01-01", "most": "3", "items": [{"n": "2"}, {"n": "2"}]}
    assert told(load(both, wrong)) == {"ends": "ends after it begins", "items": "too many"}
    assert told(load(both, {**wrong, "ends": "2026-02-01", "most": "4"})) == {}


def test_what_is_not_there_or_wrong_already_refuses_nothing_more():
    form = checked(ORDER)
    assert told(load(form, {"begins": "2026-02-01"})) == {}
    assert told(load(form, {"begins": "2026-02-01", "ends": "soon"})) == {"ends": "field.date.invalid"}


def test_a_step_that_can_do_nothing_about_it_is_not_stopped():
    form, there = checked(ORDER), {"begins": "2026-02-01", "ends": "2026-01-01"}
    assert told(load(form, {}, there, {"*": "read"})) == {}
    begins = {"*": "read", "begins": "write"}
    assert told(load(form, {"begins": "2026-02-02"}, there, begins)) == {"begins": "ends after it begins"}
    unseen = {**FIELDS[1], "visible_when": all_of(rule("most", "greater", "5"))}
    hidden = checked(ORDER, fields=(FIELDS[0], unseen, *FIELDS[2:]))
    assert told(load(hidden, {"begins": "2026-02-01"}, {"ends": "2026-01-01"})) == {"begins": "ends after it begins"}


def test_the_page_gets_them_where_they_are_told_and_what_cannot_be_read_is_left_out():
    form = checked(ORDER, {"uid": "c3", "formula": "ends >=", "message": text("x")})
    (section,) = form_view(form, {}, {"*": "write"}, NOW, "en", Codes())
    assert {view.field.key: list(view.checks) for view in section.fields if view.checks} == {
        "ends": [{"formula": "ends >= begins", "message": "ends after it begins"}]
    }
    (section,) = form_view(form, {}, {"*": "read"}, NOW, "en", Codes())
    assert not any(view.checks for view in section.fields)

"""A decision table tried while it is drawn, over the editor's endpoint and over the API's pure part."""

import pytest

from dougong.builder.trials import decided
from dougong.runtime.reason import Refused
from tests.drawing import NOW, field
from tests.runtime.test_table import FEE, atom, table_doc

AMOUNT = field("amount", "money", required=True)
RULES = (
    ({"amount": atom("less", "100")}, {"fee": "1"}),
    ({"amount": atom("at_least", "50")}, {"fee": {"formula": "amount / 3"}}),
)


def tried(values, **more):
    return decided(table_doc([AMOUNT], [FEE], *RULES, **more), values, {}, NOW)


def test_it_tells_which_rules_hit_and_what_comes_out():
    assert tried({"amount": "60"}) == {"hits": ["r1", "r2"], "values": {"fee": "1.00"}}
    assert tried({"amount": "1,000"}) == {"hits": ["r2"], "values": {"fee": "333.33"}}


def test_rules_that_must_not_overlap_are_shown_where_they_do():
    found = tried({"amount": "60"}, policy="unique")
    assert (found["hits"], found["error"]["code"]) == (["r1", "r2"], "table.several_hits")


def test_values_that_do_not_fit_are_told_by_input():
    assert tried({"amount": "much"})["errors"]["amount"]["code"] == "field.number.invalid"
    assert tried({})["errors"]["amount"]["code"] == "field.required"


def test_a_draft_with_errors_is_not_asked():
    assert decided(table_doc([AMOUNT], [FEE], ({"amount": atom("contains", "1")}, {})), {}, {}, NOW)["problems"] is True


@pytest.mark.parametrize(("draft", "values"), [({"kind": "form"}, {}), ([], {}), (table_doc([AMOUNT], [FEE]), [])])
def test_what_is_no_table_is_refused(draft, values):
    with pytest.raises(Refused):
        decided(draft, values, {}, NOW)

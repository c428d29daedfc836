"""Which lines of the ledger are read for a window: from its first day until before the one after its last, and whose."""

from datetime import date

import pytest

from dougong.runtime.host.settlement import within
from dougong.runtime.settlement import Settlement
from dougong.runtime.settlement.spans import Bounds
from dougong.runtime.settlement.windows import Window, span_of
from tests.host.settled import bonus

OCTOBER = span_of("month", date(2026, 10, 5))
MINE = Window("month", ("who",))


@pytest.mark.parametrize(
    ("window", "bounds"),
    [
        (MINE, (date(2026, 10, 1), date(2026, 11, 1))),
        (Window("quarter", ()), (date(2026, 10, 1), date(2027, 1, 1))),
        (Window("rolling", (), 30), (date(2026, 9, 2), date(2026, 11, 1))),
        (Window("month", (), earlier="previous"), (date(2026, 9, 1), date(2026, 10, 1))),
        (Window("contract", ()), (date.min, None)),
    ],
    ids=str,
)
def test_from_where_to_where_a_month_looks(window: Window, bounds: Bounds) -> None:
    assert within.seen_from([window], OCTOBER) == {window: bounds}
    assert within.seen_from([window], OCTOBER, open_end=True) == {window: (bounds[0], None)}


def test_seen_from_several_days_it_is_all_that_one_of_them_sees() -> None:
    days = [
        (date(2026, 10, 1), date(2026, 11, 1)),
        (date(2026, 9, 1), date(2026, 10, 1)),
        (date(2026, 10, 1), date(2026, 10, 2)),
    ]
    assert within.widest((MINE, one) for one in days) == {MINE: (date(2026, 9, 1), date(2026, 11, 1))}
    for those in (days, days[::-1]):
        assert within.widest((MINE, one) for one in [*those, (date(2026, 10, 1), None)])[MINE] == (date(2026, 9, 1), None)


def test_lines_of_ones_own_window_are_those_of_the_partners_asked_for() -> None:
    days = "ledger_line.date >= '2026-10-01' AND ledger_line.date < '2026-11-01'"
    whose = " AND ledger_line.partner_id IN ('d')"
    for window, partners, said in ((MINE, ["d"], days + whose), (MINE, None, days), (Window("month", ("type",)), ["d"], days)):
        found = within.windows(within.seen_from([window], OCTOBER), Settlement.from_json(bonus()), partners)
        assert str(found.compile(compile_kwargs={"literal_binds": True})) == said

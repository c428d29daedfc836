"""Ids of rows: UUIDs in the order in which they were made."""

import time
from itertools import pairwise
from uuid import UUID

from dougong.platform.store import new_id


def test_ids_are_uuids_of_the_seventh_version_in_the_order_in_which_they_were_made() -> None:
    before = time.time_ns() // 1_000_000
    made = [new_id() for _ in range(2_000)]
    after = time.time_ns() // 1_000_000
    found = [UUID(one) for one in made]
    assert all(one < another for one, another in pairwise(made))
    assert {one.version for one in found} == {7} and {str(one) for one in found} == set(made)
    assert before <= found[0].int >> 80 <= found[-1].int >> 80 <= after + 1  # they do not run ahead of the clock

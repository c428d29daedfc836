"""Absences over the API: one's own, and with the right others'."""

from typing import Any

import pytest

from tests.api.test_shell import shaped
from tests.cast import Cast
from tests.host.test_approvals import filed, waiting


def away(cast: Cast, who: str, **more: Any) -> dict[str, Any]:
    return {"deputy": cast.member_id(who), "since": "2026-01-05T09:00", "until": "2099-01-05T09:00+08:00", **more}


def test_who_is_away_says_so_and_ends_it(cast: Cast) -> None:
    kevin, frank, grace = (cast.api(cast.token(name)) for name in ("kevin", "frank", "grace"))
    made = kevin("POST", "/absences", away(cast, "frank", note="年假", workflows=["refund"]))
    assert made.status_code == 201, made.text
    assert made.json["member"] == cast.member_id("kevin") and made.json["workflows"] == ["refund"]
    assert (made.json["since"], made.json["until"]) == ("2026-01-05T01:00:00.000Z", "2099-01-05T01:00:00.000Z")
    assert [len(one("GET", "/absences").json["items"]) for one in (kevin, frank, grace)] == [1, 1, 0]
    assert ("head", "frank") in waiting(cast, filed(cast))
    where = f"/absences/{made.json['id']}"
    assert [one("DELETE", where).status_code for one in (frank, grace, kevin)] == [404, 404, 204]
    assert kevin("GET", "/absences").json["items"] == [] and waiting(cast, filed(cast)) == [("head", "kevin")]


def test_others_are_away_by_whom_looks_after_the_organisation_alone(cast: Cast) -> None:
    alice, frank = cast.api(cast.token("alice")), cast.api(cast.token("frank"))
    said = away(cast, "grace", member=cast.member_id("kevin"))
    assert frank("POST", "/absences", said).status_code == 403
    made = alice("POST", "/absences", said)
    assert made.status_code == 201 and [one["id"] for one in alice("GET", "/absences").json["items"]] == [made.json["id"]]
    service = cast.api(cast.service("staff"))
    assert service("GET", "/absences").json["items"] == [] and service("POST", "/absences", said).status_code == 403
    assert alice("DELETE", f"/absences/{made.json['id']}").status_code == 204


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/since", {"since": "soon"}), ("/until", {"until": "2020-01-05T09:00"}),
        ("/workflows", {"workflows": ["none"]}), ("/deputy", {"deputy": "kevin"}),
    ],
)  # fmt: skip
def test_what_does_not_do_is_told_at_its_place(cast: Cast, path: str, said: dict[str, Any]) -> None:
    said = {name: cast.member_id("kevin") if name == "deputy" else one for name, one in said.items()}
    answer = cast.api(cast.token("kevin"))("POST", "/absences", away(cast, "frank", **said))
    assert answer.status_code == 422 and [one["path"] for one in shaped(answer)["details"]] == [path]

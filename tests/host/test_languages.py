"""Languages that a company adds: chosen by who reads them, on pages that say what is in which language; and taken away."""

import io
import re
from base64 import b64decode
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from dougong.platform import links
from dougong.platform.languages import MOST, found_in, nearest, order, wished
from dougong.platform.messages import pick as platform_pick
from dougong.platform.messages import t
from dougong.runtime.texts import lacking, pick
from tests.cast import Cast
from tests.host.test_decision_tables import known, published

ADD, CHOOSE = "/t/acme/settings/languages", "/language"
API = "/t/acme/builder/api"


def add(cast: Cast, *tags: str) -> FlaskClient:
    alice = cast.sign_in("alice")
    for tag in tags:
        assert alice.post(ADD, data={"tag": tag}).status_code == 302
    return alice


def in_japanese(cast: Cast) -> FlaskClient:
    """The description of the repair form is translated, the other fields are not; one of them says only Chinese."""
    alice = add(cast, "ja", "ar")
    form, workflow = known(alice, "form", "repair_request"), known(alice, "workflow", "repair")
    draft = form["draft"]
    fields = {one["key"]: one for section in draft["sections"] for one in section["fields"]}
    fields["description"]["title"]["ja"] = "症状"
    fields["contact_name"]["title"] = {"zh-Hans": "联系人"}
    fields["product_line"]["config"]["options"][0]["title"]["ja"] = "エアコン"
    published(alice, form, draft)
    flow = {**workflow["draft"], "title": {**workflow["draft"]["title"], "ja": "家電修理"}}
    published(alice, workflow, {key: value for key, value in flow.items() if key != "ticket_title"})
    return alice


def reading(client: FlaskClient, tag: str) -> FlaskClient:
    assert client.post(CHOOSE, data={"language": tag}).status_code == 302
    return client


def test_a_reader_of_an_added_language_sees_it_and_what_is_not_translated_is_marked(cast: Cast) -> None:
    in_japanese(cast)
    page = reading(cast.sign_in("bob"), "ja").get("/t/acme/tickets/new/repair").text
    assert '<html lang="en" data-reads="ja"' in page
    assert '<span lang="ja" dir="auto">症状</span>' in page
    assert '<span lang="zh-Hans" dir="auto">联系人</span>' in page  # nothing nearer is written
    assert re.search(r'<option value="ac" lang="ja" dir="auto">エアコン</option>', page)
    assert ">Phone" in page and 'lang="en" dir' not in page  # the page's own language needs no mark
    assert t("tickets.file", "en") in page
    ticket = cast.file()
    assert (
        '<h1 id="ticket-title"><span lang="ja" dir="auto">家電修理</span></h1>'
        in reading(cast.sign_in("bob"), "ja").get(f"/t/acme/tickets/{ticket}").text
    )


def test_only_what_is_added_is_offered_and_what_is_taken_away_keeps_its_texts(cast: Cast) -> None:
    alice = in_japanese(cast)
    bob = reading(cast.sign_in("bob"), "ja")
    assert 'value="ar"' in bob.get("/t/acme/inbox").text and 'value="fr"' not in bob.get("/t/acme/inbox").text
    assert 'value="ja"' not in cast.sign_in("charlie").get("/t/globex/inbox").text
    assert alice.post(f"{ADD}/remove", data={"tag": "ja"}).status_code == 302
    page = bob.get("/t/acme/tickets/new/repair").text
    assert '<html lang="en" data-zone' in page and "症状" not in page  # nothing is said of a language that is not there
    assert "症状" in str(known(alice, "form", "repair_request")["draft"])
    add(cast, "ja")
    assert "症状" in bob.get("/t/acme/tickets/new/repair").text
    assert "日本語" in alice.get("/t/acme/settings/audit").text


def test_a_customer_is_met_in_the_language_of_his_browser(cast: Cast) -> None:
    in_japanese(cast)
    with cast.app.app_context():
        token = links.sign("file", tenant=cast.tenants["acme"], workflow="repair")
    stranger = cast.app.test_client()
    page = stranger.get(f"/p/file/{token}", headers={"Accept-Language": "ja-JP,ja;q=0.9,en;q=0.8"}).text
    assert "症状" in page and '<button class="button quiet small" name="language" value="ar" lang="ar">' in page
    assert "症状" not in stranger.get(f"/p/file/{token}", headers={"Accept-Language": "de,zh;q=0.8"}).text
    assert '<html lang="en"' in reading(stranger, "ar").get(f"/p/file/{token}").text


def test_nobody_adds_what_is_not_a_language_too_many_or_without_the_right(cast: Cast) -> None:
    alice = add(cast, "ja", "ja")
    assert [alice.post(ADD, data={"tag": tag}).status_code for tag in ("", "en", "xx", "'; drop", "ja" * 99)] == [400] * 5
    assert alice.post(CHOOSE, data={"language": "tlh"}).status_code == 400
    assert alice.post(f"{ADD}/remove", data={"tag": "fr"}).status_code == 404
    assert cast.sign_in("bob").post(ADD, data={"tag": "fr"}).status_code == 403
    others = ("ko", "vi", "th", "id", "ms", "de", "fr", "es", "pt")
    add(cast, *others)
    assert len(others) + 1 == MOST
    assert alice.post(ADD, data={"tag": "ru"}).status_code == 400
    assert alice.get(ADD).status_code == 200


def test_what_is_missing_is_told_for_every_definition(cast: Cast) -> None:
    alice = in_japanese(cast)
    page = alice.get("/t/acme/builder/translations").text
    form = known(alice, "form", "repair_request")
    lacks = lacking(form["draft"], ("zh-Hans", "en", "ja"))
    assert (lacks["zh-Hans"], lacks["en"]) == (0, 1) and lacks["ja"] > 20
    row = page[page.index(f"/builder/{form['id']}#texts") :].split("</tr>")[0]
    assert "缺 1 条" in row and f"缺 {lacks['ja']} 条" in row


def test_a_table_goes_out_and_comes_back_as_it_was(cast: Cast) -> None:
    alice = cast.sign_in("alice")
    rows = [["id", "", "zh-Hans", "ja"], ["title", "", "报修", "修理"], ["a/b", "", "=1+1", "一行\n二行"]]
    for kind in ("csv", "xlsx"):
        answer = alice.post(f"{API}/sheets", json={"kind": kind, "title": "报修/[1]", "rows": rows})
        file = b64decode(answer.json["content"])
        back = alice.post(f"{API}/sheets/read", data={"file": (io.BytesIO(file), f"a.{kind}")}).json["rows"]
        assert [row[:4] for row in back] == [*rows[:2], ["a/b", "", "=1+1", "一行\n二行"]]
    assert load_workbook(io.BytesIO(file)).worksheets[0]["C3"].data_type == "s"  # no formula


@pytest.mark.parametrize("rows", [[], [1], [["a", 1]], [["a"] * 31], [["a"]] * 20_001])
def test_what_is_no_table_is_refused(cast: Cast, rows: list[Any]) -> None:
    alice = cast.sign_in("alice")
    assert alice.post(f"{API}/sheets", json={"kind": "csv", "title": "x", "rows": rows}).status_code == 422
    assert alice.post(f"{API}/sheets/read").status_code == 422
    assert alice.post(f"{API}/sheets/read", data={"file": (io.BytesIO(b"PK\x03\x04..."), "a.xlsx")}).status_code == 422


def test_the_order_in_which_a_text_is_looked_for_is_the_same_everywhere() -> None:
    assert [order(tag) for tag in ("ja", "zh-Hant", "en")] == [
        ("ja", "en", "zh-Hans"), ("zh-Hant", "zh-Hans", "en"), ("en", "zh-Hans"),
    ]  # fmt: skip
    text = {"zh-Hans": "报修", "en": "Repair", "ja": "", "fr": "Réparation"}
    for tag in ("ja", "zh-Hant", "en", "fr", "zh-Hans"):
        assert pick(text, tag) == platform_pick(text, tag) == text[found_in(text, tag)]
    assert (nearest("zh-Hant"), nearest("ar"), found_in({}, "ja")) == ("zh-Hans", "en", "")
    assert wished(["fr-CA", "zh-TW", "en"], ["zh-Hans", "en", "zh-Hant"]) == "zh-Hant"
    assert wished(["zh-SG"], ["zh-Hans", "en"]) == "zh-Hans" and wished(["tlh", "*"], ["en"]) is None

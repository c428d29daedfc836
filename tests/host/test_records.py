"""Records over the pages: written once, changed without losing anything, found again, taken in from tables and given out."""

import io
import re
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from dougong.builder import documents
from dougong.platform.audit import Audit
from dougong.platform.files import File
from dougong.platform.messages import t
from dougong.platform.store import transaction
from dougong.runtime.host import pieces, record_imports, records
from dougong.runtime.host.pages import record_imports as pages
from dougong.runtime.host.tables import Record
from tests.cast import Cast, errors, fields
from tests.drawing import field, options, text

RECORDS = "/t/acme/records"
CUSTOMER = {
    "name": "宋江", "phone": "138 1111 2222", "level": "vip", "address.1": "44", "address.2": "4403", "address.3": "440305",
    "address.detail": "科技园路 1 号",
}  # fmt: skip
HEADER = "姓名/单位,电话,客户等级,地址"


class By:
    member_id, name = None, "test"

    def __init__(self, tenant_id: str) -> None:
        self.tenant_id = tenant_id


def draw(cast: Cast, key: str, *parts: Any, **more: Any) -> None:
    """A record type of the test's own, published at Acme."""
    body = {
        "format": 1,
        "uid": key,
        "kind": "entity",
        "key": key,
        "title": text(key),
        "sections": [{"uid": "s1", "fields": list(parts)}],
    }
    with cast.reading():
        by = By(cast.tenants["acme"])
        documents.publish(by, documents.create_from(by, {**body, **more}), 1)


def row(cast: Cast, key: str = "customer", **where: Any) -> Record:
    with cast.reading() as session:
        found = session.scalars(select(Record).where(Record.entity_key == key).filter_by(**where)).one()
        session.expunge(found)
        return found


def count(cast: Cast, key: str = "customer") -> int:
    with cast.reading() as session:
        return len(session.scalars(select(Record.id).where(Record.entity_key == key)).all())


def create(cast: Cast, who: str = "bob", key: str = "customer", once: str = "", **values: Any) -> Any:
    return cast.sign_in(who).post(f"{RECORDS}/{key}/new", data={"once": once, **fields({**CUSTOMER, **values})})


def look(cast: Cast, content: str | bytes, key: str = "customer", name: str = "rows.csv") -> Any:
    """The preview of an import."""
    raw = content.encode() if isinstance(content, str) else content
    return cast.sign_in("fiona").post(f"{RECORDS}/{key}/import", data={"file": (io.BytesIO(raw), name)})


def confirm(client: Any, preview: str) -> Any:
    """What is written once the preview has been seen."""
    return client.post(re.findall(r'action="([^"]+/import/[^"]+)"', preview)[0])


def bring(cast: Cast, content: str | bytes, key: str = "customer", name: str = "rows.csv") -> Any:
    """Looked at, and written where there is anything to write; both say the same."""
    preview = look(cast, content, key, name)
    if 'action="/t/acme/records' not in preview.text or preview.status_code != 200:
        return preview
    done = confirm(cast.sign_in("fiona"), preview.text)
    assert figures(done.text) == figures(preview.text)
    return done


def figures(page: str) -> list[int]:
    """Written, updated, the same, wrong."""
    return [int(n) for n in re.findall(r"<dd>(\d+)</dd>", page)]


def test_a_record_is_called_by_its_name_and_found_by_any_of_its_words(cast: Cast) -> None:
    answer = create(cast)
    assert answer.status_code == 302
    found = row(cast, title="宋江")
    assert (found.unique_value, found.data["phone"]) == ("13811112222", "13811112222")
    bob = cast.sign_in("bob")
    for asked in ("宋江", "13811112222", "1111 宋", "VIP", "Nanshan", "科技园"):
        assert "宋江" in bob.get(f"{RECORDS}/customer?q={asked}").text, asked
    assert "没有符合条件" in bob.get(f"{RECORDS}/customer?q=宋江+北京").text
    page = bob.get(answer.headers["Location"]).text
    assert "广东省深圳市南山区 科技园路 1 号" in page and "新建" in page


def test_the_list_is_narrowed_by_a_choice_and_sorted(cast: Cast) -> None:
    bob = cast.sign_in("bob")
    vip = bob.get(f"{RECORDS}/customer?by.level=vip").text
    assert "周建国" in vip and "林晓燕" not in vip
    create(cast)
    newest = bob.get(f"{RECORDS}/customer?sort=changed").text
    assert newest.index("宋江") < newest.index("林晓燕")
    assert bob.get(f"{RECORDS}/customer?sort=nonsense&page=99&by.level=x'").status_code == 200


def test_what_does_not_do_is_told_at_its_field_and_kept(cast: Cast) -> None:
    answer = create(cast, phone="12", name="")
    assert answer.status_code == 422 and len(errors(answer.text)) == 2
    assert 'value="12"' in answer.text and "科技园路 1 号" in answer.text
    assert count(cast) == 8


def test_no_two_records_share_the_unique_value(cast: Cast) -> None:
    create(cast)
    again = create(cast, name="另一个")
    assert again.status_code == 422 and "“13811112222”已存在（宋江）" in again.text and "另一个" in again.text
    other = row(cast, title="林晓燕")
    values = fields({**CUSTOMER, "name": "林晓燕"})
    answer = cast.sign_in("bob").post(f"{RECORDS}/customer/{other.id}/edit", data={"revision": 1, **values})
    assert answer.status_code == 422 and "已存在（宋江）" in answer.text


def test_a_form_that_is_sent_twice_is_one_record(cast: Cast) -> None:
    draw(cast, "memo", field("note"))
    page = cast.sign_in("bob").get(f"{RECORDS}/memo/new").text
    once = re.search(r'name="once" value="([^"]+)"', page)
    assert once
    found = [create(cast, key="memo", once=once[1], note="x").headers["Location"] for _ in range(2)]
    assert found[0] == found[1] and count(cast, "memo") == 1


def test_a_stale_form_says_what_has_changed_and_loses_nothing(cast: Cast) -> None:
    create(cast)
    found = row(cast, title="宋江")
    page = f"{RECORDS}/customer/{found.id}/edit"
    bob, fiona = cast.sign_in("bob"), cast.sign_in("fiona")
    assert fiona.post(page, data={"revision": 1, **fields({**CUSTOMER, "level": "key"})}).status_code == 302
    stale = bob.post(page, data={"revision": 1, **fields({**CUSTOMER, "name": "宋公明"})})
    assert stale.status_code == 409
    assert "方芳 Fiona" in stale.text and "VIP → 大客户" in stale.text and 'value="宋公明"' in stale.text
    assert row(cast, id=found.id).title == "宋江"
    assert 'name="revision" value="2"' in stale.text
    assert bob.post(page, data={"revision": 2, **fields({**CUSTOMER, "name": "宋公明"})}).status_code == 302
    assert row(cast, id=found.id).title == "宋公明"
    assert bob.post(page.replace(found.id, "0190a000-0000-7000-8000-000000000000"), data={"revision": 1}).status_code == 404


def test_saving_without_a_change_leaves_no_trace(cast: Cast) -> None:
    create(cast)
    found = row(cast, title="宋江")
    cast.sign_in("bob").post(f"{RECORDS}/customer/{found.id}/edit", data={"revision": 1, **fields(CUSTOMER)})
    assert row(cast, id=found.id).revision == 1
    with cast.reading() as session:
        verbs = session.scalars(select(Audit.verb).where(Audit.subject_id == found.id)).all()
    assert verbs == ["created"]


def test_a_record_goes_with_its_files_but_not_while_it_is_in_use(cast: Cast) -> None:
    draw(cast, "car", field("plate", required=True), field("papers", "files"), unique_field="plate", name_field="plate")
    draw(cast, "trip", field("car", "record", config={"entity": "car"}))
    bob = cast.sign_in("bob")
    upload = bob.post("/t/acme/uploads", data={"file": (io.BytesIO(b"papers"), "papers.txt")}).json
    assert bob.post(f"{RECORDS}/car/new", data=fields({"plate": "粤B1", "papers": upload["id"]})).status_code == 302
    car = row(cast, "car")
    assert cast.sign_in("victor").get(f"/t/acme/files/{upload['id']}", buffered=True).data == b"papers"
    bob.post(f"{RECORDS}/trip/new", data=fields({"car": car.id}))
    trip = row(cast, "trip")
    assert trip.data["car"] == {"id": car.id, "title": "粤B1"} and trip.title == "粤B1"
    refused = bob.post(f"{RECORDS}/car/{car.id}/delete")
    assert refused.status_code == 422 and "1 条其他数据" in refused.text
    bob.post(f"{RECORDS}/trip/{trip.id}/delete")
    assert bob.post(f"{RECORDS}/car/{car.id}/delete").status_code == 302
    assert bob.post(f"{RECORDS}/car/{car.id}/delete").status_code == 404
    with cast.reading() as session:
        assert session.scalar(select(File).where(File.id == upload["id"])) is None


def test_what_a_running_ticket_is_about_stays(cast: Cast) -> None:
    customer = row(cast, title="周建国")
    ticket_id = cast.file(customer=customer.id)
    alice = cast.sign_in("alice")
    page = alice.get(f"{RECORDS}/customer/{customer.id}").text
    assert ticket_id in page and "相关工单" in page
    refused = alice.post(f"{RECORDS}/customer/{customer.id}/delete")
    assert refused.status_code == 422 and "1 张进行中的工单" in refused.text


def test_a_record_that_was_chosen_stands_in_the_form_again(cast: Cast) -> None:
    draw(cast, "visit", field("who", "record", config={"entity": "customer"}), field("day", "date", required=True))
    chosen = row(cast, title="周建国")
    answer = cast.sign_in("bob").post(f"{RECORDS}/visit/new", data=fields({"who": chosen.id, "day": ""}))
    assert answer.status_code == 422 and 'value="周建国"' in answer.text


def test_an_import_writes_what_is_good_and_tells_the_rest_apart(cast: Cast) -> None:
    rows = [
        "甲,13900000001,VIP,广东省深圳市南山区科技园路 1 号",
        "乙,13900000002,regular,北京市/朝阳区 建国路 2 号",
        "丙,12,普通,广东省",
        ",13900000004,普通,亚特兰蒂斯",
        "丁,13900000005,黄金,上海市浦东新区",
        "戊,13900000001,普通,广东省",
        "周建国新,13800138002,大客户,广东省广州市天河区天河北路 1 号",
    ]
    page = bring(cast, "\n".join([HEADER, *rows])).text
    assert figures(page) == [2, 1, 0, 4]
    cells = [re.sub(r"<[^>]+>", "", one).strip() for one in re.findall(r"<td[^>]*>(.*?)</td>", page, re.DOTALL)]
    told = {tuple(cells[n : n + 3]) for n in range(0, len(cells), 4)}
    assert told == {
        ("4", "电话", "12"), ("5", "姓名/单位", "—"), ("5", "地址", "亚特兰蒂斯"), ("6", "客户等级", "黄金"),
        ("7", "电话", "13900000001"),
    }  # fmt: skip
    assert row(cast, unique_value="13900000001").data["address"] == {"region": "440305", "detail": "科技园路 1 号"}
    assert row(cast, unique_value="13800138002").title == "周建国新"
    assert count(cast) == 10


def test_a_file_is_looked_at_before_anything_is_written(cast: Cast) -> None:
    before, known = count(cast), row(cast, unique_value="13800138002")
    rows = ["甲,13900000001,VIP,广东省", "周建国新,13800138002,大客户,", "丙,12,普通,广东省", "乙,13900000001,VIP,广东省"]
    preview = look(cast, "\n".join([HEADER, *rows]))
    assert preview.status_code == 200 and figures(preview.text) == [1, 1, 0, 2]
    assert "周建国 → 周建国新" in preview.text and "与第 2 行重复" in preview.text
    assert count(cast) == before and row(cast, unique_value="13800138002").data == known.data
    create(cast, phone="13900000001")  # meanwhile
    done = confirm(cast.sign_in("fiona"), preview.text)
    assert figures(done.text) == [0, 2, 0, 2] and row(cast, unique_value="13900000001").title == "甲"
    assert figures(confirm(cast.sign_in("fiona"), preview.text).text) == [0, 0, 2, 2], "sent twice"


def test_only_who_brought_a_file_writes_it_and_nothing_else_is_done_with_it(cast: Cast) -> None:
    preview = look(cast, f"{HEADER}\n甲,13900000001,VIP,广东省\n丙,12,普通,广东省\n").text
    path = re.findall(r'action="([^"]+/import/[^"]+)"', preview)[0]
    file_id, fiona = path.rpartition("/")[2], cast.sign_in("fiona")
    assert cast.sign_in("alice").post(path).status_code == 404
    assert cast.sign_in("alice").get(f"{path}/wrong.csv").status_code == 404
    assert cast.sign_in("victor").post(path).status_code == 403
    assert fiona.get(f"/t/acme/files/{file_id}").status_code == 404
    draw(cast, "memo", field("papers", "files"))
    assert fiona.post(f"{RECORDS}/memo/new", data=fields({"papers": file_id})).status_code == 422
    assert fiona.post(f"{RECORDS}/memo/import/{file_id}").status_code == 422, "a file of another type of records"
    own = fiona.post("/t/acme/uploads", data={"file": (io.BytesIO(f"{HEADER}\n甲,1\n".encode()), "a.csv")}).json["id"]
    assert fiona.post(f"{RECORDS}/customer/import/{own}").status_code == 404
    assert count(cast) == 8


def test_rows_with_errors_come_back_as_a_file_that_can_be_imported_once_it_is_put_right(cast: Cast) -> None:
    preview = look(cast, f"{HEADER},来源\n甲,13900000001,VIP,广东省,x\n丙,12,黄金,广东省,y\n").text
    path = re.findall(r'href="([^"]+/wrong.csv)"', preview)[0]
    confirm(cast.sign_in("fiona"), preview)
    header, left = cast.sign_in("fiona").get(path).data.decode("utf-8-sig").splitlines()
    assert header == f"{HEADER},原因" and left.startswith("丙,12,黄金,广东省,") and "电话: " in left and "客户等级: " in left
    again = left.replace(",12,", ",13900000002,").replace("黄金", "VIP")
    assert figures(bring(cast, f"{header}\n{again}\n").text) == [1, 0, 0, 0]


def test_an_import_that_breaks_off_leaves_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    content = f"{HEADER}\n甲,13900000001,VIP,广东省\n周建国新,13800138002,大客户,\n乙,13900000002,VIP,广东省\n"
    preview, before, write = look(cast, content).text, count(cast), record_imports._write

    def broken(session: Any, actor: Any, kind: Any, one: Any) -> None:
        write(session, actor, kind, one)
        if one.row.number == 3:
            session.flush()
            raise OSError("gone")

    monkeypatch.setattr(record_imports, "_write", broken)
    with pytest.raises(OSError, match="gone"):
        confirm(cast.sign_in("fiona"), preview)
    assert count(cast) == before and row(cast, unique_value="13800138002").title == "周建国"


def test_a_large_file_is_read_once_and_written_a_part_at_a_time_while_the_page_says_how_far_it_is(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "AT_ONCE", 2)
    monkeypatch.setattr(pieces, "ROWS", 3)
    content = f"{HEADER}\n" + "".join(f"客{n},1390000000{n},VIP,广东省\n" for n in (1, 2, 3, 4, 5))
    content += "丙,12,VIP,广东省\n重,13900000001,VIP,广东省\n"
    preview, before, fiona = look(cast, content).text, count(cast), cast.sign_in("fiona")
    monkeypatch.setattr(pages, "read_table", None)
    page = confirm_with_total(fiona, preview)
    assert "已处理 0 / 5 行" in page and count(cast) == before
    for taken in (2, 3, 5):
        again = page
        page = fiona.post(after(page)).text
        assert f"已处理 {taken} / 5 行：写入 {taken}，" in page and count(cast) == before + taken
    assert "完成" in page and "hx-post" not in page
    assert "写入 3，更新 0，无变化 2" in fiona.post(after(again)).text and count(cast) == before + 5  # sent twice
    assert row(cast, unique_value="13900000001").title == "客1"
    charlie = cast.sign_in("charlie").post(after(again).replace("acme", "globex"))
    assert charlie.status_code == 404


def confirm_with_total(client: Any, preview: str) -> str:
    [total] = re.findall(r'name="total" value="(\d+)"', preview)
    action = re.findall(r'action="([^"]+/import/[^"]+)"', preview)[0]
    return str(client.post(action, data={"total": total}).text)


def after(page: str) -> str:
    return re.findall(r'hx-post="([^"]+)"', page)[0].replace("&amp;", "&")


def test_the_same_file_again_changes_nothing_and_adds_none(cast: Cast) -> None:
    content = f"{HEADER}\n甲,13900000001,VIP,广东省深圳市南山区科技园路 1 号\n"
    assert figures(bring(cast, content).text) == [1, 0, 0, 0]
    assert figures(bring(cast, content).text) == [0, 0, 1, 0]
    assert row(cast, unique_value="13900000001").revision == 1


def test_a_part_of_the_columns_updates_that_part_and_empty_cells_nothing(cast: Cast) -> None:
    before = row(cast, unique_value="13800138002")
    assert figures(bring(cast, "电话,姓名/单位,备注\n13800138002,,周末勿扰\n13899999999,,没有名字\n").text) == [0, 1, 0, 1]
    after = row(cast, unique_value="13800138002")
    assert after.data == {**before.data, "note": "周末勿扰"} and after.revision == 2


def test_a_type_without_a_unique_field_takes_each_row_once(cast: Cast) -> None:
    draw(cast, "memo", field("note"), field("kind", "choice", config=options("a", "b")))
    content = "note,kind\nx,A\nx,A\ny,b\n"
    assert figures(bring(cast, content, "memo").text) == [3, 0, 0, 0]
    assert figures(bring(cast, content + "z,b\n", "memo").text) == [1, 0, 3, 0]


def test_a_column_may_name_another_record(cast: Cast) -> None:
    draw(cast, "visit", field("no", required=True), field("who", "record", config={"entity": "customer"}), unique_field="no")
    page = bring(cast, "no,who\n1,周建国\n2,13800138001\n3,没有这个人\n", "visit").text
    assert figures(page) == [2, 0, 0, 1] and "没有这个人" in page
    assert row(cast, "visit", unique_value="2").data["who"]["title"] == "林晓燕"


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "", "没有选择文件"),
        (b"", "empty.csv", "是空的"),
        ("列一,列二\n1,2\n", "other.csv", "没有认识的列"),
        (b"PK\x03\x04 no zip", "broken.xlsx", "无法读取"),
        (b"\xff\xfe\x00\x01\x80", "picture.csv", "无法读取"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_a_reason(cast: Cast, content: Any, name: str, says: str) -> None:
    answer = bring(cast, content, name=name)
    assert answer.status_code == 422 and says in answer.text


def test_the_template_has_the_columns_and_comes_back_filled_in(cast: Cast) -> None:
    fiona = cast.sign_in("fiona")
    book = load_workbook(io.BytesIO(fiona.get(f"{RECORDS}/customer/template.xlsx").data))
    sheet = book.worksheets[0]
    header = [cell.value for cell in sheet[1]]
    assert header[:4] == ["姓名/单位*", "电话*", "客户等级*", "地址*"]
    sheet.append(["甲", "13900000001", "VIP", "广东省"])
    out = io.BytesIO()
    book.save(out)
    assert figures(bring(cast, out.getvalue(), name="filled.xlsx").text) == [1, 0, 0, 0]
    sheet.insert_rows(1, 2)
    sheet["A1"], sheet["A4"], sheet["B4"] = "客户清单", "乙", "13900000002"
    book.create_sheet("填写说明", 0)["A1"] = "姓名/单位"
    book.save(out := io.BytesIO())
    assert figures(bring(cast, out.getvalue(), name="titled.xlsx").text) == [1, 0, 0, 0]
    assert fiona.get(f"{RECORDS}/customer/template.csv").data.decode("utf-8-sig").startswith("姓名/单位*,")


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_what_is_exported_can_be_imported_again(cast: Cast, kind: str, language: str) -> None:
    fiona = cast.sign_in("fiona")
    fiona.post("/language", data={"language": language})
    for key, n in (("customer", 8), ("product", 8), ("rebate_dealer", 6)):
        raw = fiona.get(f"{RECORDS}/{key}.{kind}").data
        page = fiona.post(f"{RECORDS}/{key}/import", data={"file": (io.BytesIO(raw), f"again.{kind}")}).text
        assert figures(page) == [0, 0, n, 0], (key, page)
        assert t("import.nothing", language) in page


def test_an_export_is_what_the_list_shows_and_runs_nothing(cast: Cast) -> None:
    create(cast, name="=1+1")
    body = cast.sign_in("bob").get(f"{RECORDS}/customer.csv?by.level=vip&q=科技园").data.decode("utf-8-sig")
    assert body.splitlines()[1].startswith("'=1+1,13811112222,VIP") and len(body.splitlines()) == 2


@pytest.mark.parametrize(
    "address", ["records/customer.xlsx", "tickets.csv", "settlement/dealer_rebate/lines.xlsx", "settings/audit.csv"]
)
def test_a_download_carries_its_chinese_name_in_ascii(cast: Cast, address: str) -> None:
    """A server sends headers in Latin-1; the test client would let anything through."""
    header = cast.sign_in("alice").get(f"/t/acme/{address}").headers["Content-Disposition"]
    assert header.isascii() and "filename*=UTF-8''%" in header


@pytest.mark.parametrize(
    "address", ["records/customer", "tickets", "settings/audit", "settings/members", "settlement/dealer_rebate/lines"]
)
def test_no_word_of_an_address_is_taken_for_an_argument(cast: Cast, address: str) -> None:
    alice = cast.sign_in("alice")
    bring(cast, HEADER + "".join(f"\n客户{n},139{n:08d},VIP,广东省" for n in range(30)))
    for asked in ("endpoint=x", "kind=x&key=x", "_scheme=javascript&_external=1&_method=x&_anchor=x", "by.level=vip&page=2"):
        answer = alice.get(f"/t/acme/{address}?{asked}")
        assert answer.status_code == 200 and "javascript://" not in answer.text, asked


def test_the_pages_of_a_list_keep_its_filters(cast: Cast) -> None:
    bring(cast, HEADER + "".join(f"\n客户{n},139{n:08d},VIP,广东省" for n in range(30)))
    page = cast.sign_in("bob").get(f"{RECORDS}/customer?by.level=vip&q=客户&page=2").text
    assert "2 / 2" in page and "by.level=vip" in page and "page=1" in page


def test_a_seed_puts_records_by_their_words(cast: Cast) -> None:
    draw(cast, "visit", field("no", required=True), field("who", "record", config={"entity": "customer"}), unique_field="no")
    with cast.reading(), transaction(cast.tenants["acme"]) as session:
        acme = cast.tenants["acme"]
        first = records.put(session, acme, "visit", {"no": "1", "who": "13800138002"})
        assert records.put(session, acme, "visit", {"no": "1", "who": "林晓燕"}) == first
        with pytest.raises(LookupError):
            records.put(session, acme, "visit", {"no": "2", "who": "没有"})
        with pytest.raises(ValueError, match="required"):
            records.put(session, acme, "visit", {"who": "林晓燕"})
    assert row(cast, "visit").data["who"]["title"] == "林晓燕"


def test_who_may_only_look_changes_nothing(cast: Cast) -> None:
    victor, bob = cast.sign_in("victor"), cast.sign_in("bob")
    found = row(cast, title="林晓燕")
    assert victor.get(f"{RECORDS}/customer/{found.id}").status_code == 200
    for address in ("new", "import", f"{found.id}/edit", f"{found.id}/delete"):
        assert victor.post(f"{RECORDS}/customer/{address}").status_code == 403, address
    assert bob.get(f"{RECORDS}/customer/import").status_code == 403
    assert "删除" not in victor.get(f"{RECORDS}/customer/{found.id}").text


def test_a_type_that_is_not_there_is_not_found(cast: Cast) -> None:
    bob = cast.sign_in("bob")
    for address in (
        "nothing",
        "nothing/new",
        "nothing.csv",
        "customer/0190a000-0000-7000-8000-000000000000",
        "product/" + row(cast, title="林晓燕").id,
    ):
        assert bob.get(f"{RECORDS}/{address}").status_code == 404, address

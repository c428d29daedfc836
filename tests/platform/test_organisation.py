"""The settings over the pages: units, members, who stands behind the roles, the audit trail; what is refused and why."""

import re
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from dougong.platform import joining, organisation, regions
from dougong.platform.audit import Audit
from dougong.platform.people import Binding, Member, MemberRole, Unit, UnitMember
from dougong.platform.settings import bindings, units
from tests.cast import Cast

SETTINGS = "/t/acme/settings"
STORE = {"zh": "佛山服务点", "en": "Foshan", "code": "foshan", "kind": "store", "regions": "广东省/佛山市"}


class By:
    """An administrator who is no member, for verbs called without a page."""

    member_id, name = None, "test"

    def __init__(self, tenant_id: str) -> None:
        self.tenant_id = tenant_id


def unit_id(cast: Cast, code: str) -> str:
    with cast.reading() as session:
        return session.scalars(select(Unit.id).where(Unit.code == code)).one()


def unit(cast: Cast, code: str) -> Unit | None:
    with cast.reading() as session:
        found = session.scalar(select(Unit).where(Unit.code == code))
        if found:
            session.expunge(found)
        return found


def trail(cast: Cast, verb: str) -> list[tuple[str, Any]]:
    with cast.reading() as session:
        return [(one.who, one.detail) for one in session.scalars(select(Audit).where(Audit.verb == verb).order_by(Audit.id))]


def add(alice: FlaskClient, cast: Cast, **draft: str) -> Any:
    return alice.post(f"{SETTINGS}/units/new", data={**STORE, "parent": unit_id(cast, "south"), **draft})


def test_a_unit_is_added_below_another_and_told(cast: Cast) -> None:
    alice = cast.sign_in("alice")
    assert add(alice, cast, regions="广东省佛山市、Guangdong/Zhongshan；440605, 4406").status_code == 302
    found = unit(cast, "foshan")
    assert found and found.regions == ["4406", "4420", "440605"]
    assert found.parent_id == unit_id(cast, "south") and found.name == {"zh-Hans": "佛山服务点", "en": "Foshan"}
    page = alice.get(f"{SETTINGS}/").text
    assert page.index("华南区") < page.index("佛山服务点") and "广东省佛山市" in page
    assert [who for who, _ in trail(cast, "created")][-1] == "林晓 Alice"


def test_the_first_unit_is_the_head_office_unless_said_otherwise(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    alice = cast.sign_in("alice")
    assert '<option value="store" selected>' in alice.get(f"{SETTINGS}/units/new").text
    monkeypatch.setattr(units, "units_of", lambda session: [])
    assert '<option value="head_office" selected>' in alice.get(f"{SETTINGS}/units/new").text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"code": "south"}, "“华南区”使用"),
        ({"code": "佛山"}, "编号要用字母"),
        ({"zh": "", "en": ""}, "请填写"),
        ({"kind": "palace"}, "请填写"),
        ({"parent": "gone"}, "不在了"),
        ({"regions": "广东省、亚特兰蒂斯"}, "“亚特兰蒂斯”"),
    ],
)
def test_what_does_not_do_is_told_at_its_field_and_kept(cast: Cast, wrong: dict[str, str], says: str) -> None:
    answer = add(cast.sign_in("alice"), cast, **wrong)
    assert answer.status_code == 422
    assert says in answer.text and all(value in answer.text for value in wrong.values() if value not in ("palace", "gone"))
    assert unit(cast, "foshan") is None


def test_the_same_form_sent_twice_adds_one_unit(cast: Cast) -> None:
    alice = cast.sign_in("alice")
    assert [add(alice, cast).status_code for _ in range(2)] == [302, 422]
    with cast.reading() as session:
        assert len(session.scalars(select(Unit).where(Unit.code == "foshan")).all()) == 1


def test_a_unit_cannot_hang_from_itself_or_from_below(cast: Cast) -> None:
    alice, south = cast.sign_in("alice"), unit_id(cast, "south")
    draft = {"zh": "华南区", "code": "south", "kind": "region", "regions": ""}
    for parent in (south, unit_id(cast, "sz-nanshan")):
        answer = alice.post(f"{SETTINGS}/units/{south}", data={**draft, "parent": parent})
        assert answer.status_code == 422 and "自己" in answer.text


def test_moving_and_changing_are_told_with_before_and_after(cast: Cast) -> None:
    alice = cast.sign_in("alice")
    draft = {"zh": "天河店", "en": "Tianhe", "code": "gz-tianhe", "kind": "store", "regions": "4401"}
    assert (
        alice.post(f"{SETTINGS}/units/{unit_id(cast, 'gz-tianhe')}", data={**draft, "parent": unit_id(cast, "hq")}).status_code
        == 302
    )
    moved = unit(cast, "gz-tianhe")
    assert moved and moved.parent_id == unit_id(cast, "hq")
    page = alice.get(f"{SETTINGS}/audit?verb=moved").text
    assert "广州天河服务点 → 天河店" in page and "华南区 → 安可美总部" in page


def test_only_a_unit_that_nothing_hangs_from_is_removed(cast: Cast) -> None:
    alice = cast.sign_in("alice")

    def remove(code: str) -> Any:
        return alice.post(f"{SETTINGS}/units/{unit_id(cast, code)}/remove")

    assert "2 个下级" in remove("south").text
    assert "1 位成员" in remove("gz-tianhe").text
    add(alice, cast)
    alice.post(f"{SETTINGS}/bindings/engineer", data={"who": "foshan"})
    assert "1 个角色" in remove("foshan").text
    with cast.reading() as session:
        bound = session.scalars(select(Binding.id).where(Binding.unit_id.is_not(None))).one()
    alice.post(f"{SETTINGS}/bindings/{bound}/remove")
    gone = unit_id(cast, "foshan")
    assert remove("foshan").status_code == 302 and unit(cast, "foshan") is None
    assert alice.post(f"{SETTINGS}/units/{gone}/remove").status_code == 404
    assert alice.post(f"{SETTINGS}/units/{gone}", data=STORE).status_code == 404


def test_a_unit_with_tickets_stays(cast: Cast) -> None:
    cast.file("frank")
    alice = cast.sign_in("alice")
    with cast.reading() as session:
        place = session.scalars(select(UnitMember.id).where(UnitMember.unit_id == unit_id(cast, "sz-nanshan"))).one()
    alice.post(f"{SETTINGS}/places/{place}/remove")
    answer = alice.post(f"{SETTINGS}/units/{unit_id(cast, 'sz-nanshan')}/remove")
    assert answer.status_code == 422 and "已有工单或数据属于它" in answer.text


def test_a_member_is_put_into_a_unit_once_changed_and_taken_out(cast: Cast) -> None:
    alice, south = cast.sign_in("alice"), unit_id(cast, "south")
    for position, head in (("代理", ""), ("副经理", "1")):
        data = {"unit_id": south, "who": "bob@acme.example", "position": position, "head": head}
        assert alice.post(f"{SETTINGS}/places", data=data).status_code == 302
    with cast.reading() as session:
        rows = session.scalars(select(UnitMember).where(UnitMember.unit_id == south)).all()
        mine = [row for row in rows if row.member_id == cast.member_id("bob")]
    assert [(row.position, row.head) for row in mine] == [("副经理", True)]
    assert (
        alice.post(f"{SETTINGS}/places/{mine[0].id}/remove", data={"back": f"unit:{south}"})
        .headers["Location"]
        .endswith(f"unit={south}")
    )
    assert alice.post(f"{SETTINGS}/places/{mine[0].id}/remove").status_code == 404


@pytest.mark.parametrize("who", ["nobody@acme.example", "客户服务部", ""])
def test_whom_nobody_knows_is_not_put_anywhere(cast: Cast, who: str) -> None:
    answer = cast.sign_in("alice").post(f"{SETTINGS}/places", data={"unit_id": unit_id(cast, "south"), "who": who})
    assert answer.status_code == 422 and who in answer.text


def test_who_is_new_chooses_a_password_by_a_link(cast: Cast) -> None:
    alice = cast.sign_in("alice")
    draft = {"name": "新人", "email": " New@Acme.example ", "roles": ["staff"]}
    answer = alice.post(f"{SETTINGS}/members", data=draft)
    link = re.search(r'value="http://127\.0\.0\.1:8000(/sign-in/invitation/[^"]+)"', answer.text)
    assert answer.status_code == 200 and link
    browser = cast.app.test_client()
    assert browser.post("/sign-in", data={"email": "new@acme.example", "password": ""}).status_code == 422
    assert browser.post(link[1], data={"new": "mond regen kaffee"}).status_code == 302
    assert browser.post("/sign-in", data={"email": "new@acme.example", "password": "mond regen kaffee"}).status_code == 302
    assert browser.get("/t/acme/inbox").status_code == 200
    again = alice.post(f"{SETTINGS}/members", data=draft)
    assert again.status_code == 422 and "“新人”已经是成员" in again.text and "New@Acme.example" in again.text


def test_who_has_an_account_joins_with_it(cast: Cast) -> None:
    answer = cast.sign_in("alice").post(
        f"{SETTINGS}/members", data={"name": "查理", "email": "charlie@globex.example", "roles": ["viewer"]}
    )
    assert answer.status_code == 302
    assert cast.sign_in("charlie").get("/t/acme/inbox").status_code == 200


@pytest.mark.parametrize("wrong", [{"name": " "}, {"email": "no-address"}, {"roles": []}, {"roles": ["king"]}])
def test_an_invitation_that_does_not_do_invites_nobody(cast: Cast, wrong: dict[str, Any]) -> None:
    draft = {"name": "新人", "email": "new@acme.example", "roles": ["staff"], **wrong}
    answer = cast.sign_in("alice").post(f"{SETTINGS}/members", data=draft)
    assert answer.status_code == 422 and 'class="error"' in answer.text
    with cast.reading() as session:
        assert session.scalar(select(Member).where(Member.email == "new@acme.example")) is None


def test_rights_are_given_and_taken_at_once(cast: Cast) -> None:
    alice, bob = cast.sign_in("alice"), cast.sign_in("bob")
    assert bob.get("/t/acme/settlement/").status_code == 403
    page = f"{SETTINGS}/members/{cast.member_id('bob')}"
    assert alice.post(page, data={"name": "赵博", "roles": ["finance", "viewer"]}).status_code == 302
    assert bob.get("/t/acme/settlement/").status_code == 200
    with cast.reading() as session:
        held = session.scalars(select(MemberRole.role).where(MemberRole.member_id == cast.member_id("bob"))).all()
    assert sorted(held) == ["finance", "viewer"]
    assert "员工 → 财务、只读" in alice.get(f"{SETTINGS}/audit").text


def test_nobody_takes_his_own_administration_away(cast: Cast) -> None:
    alice, me = cast.sign_in("alice"), cast.member_id("alice")
    answer = alice.post(f"{SETTINGS}/members/{me}", data={"name": "林晓", "roles": ["designer"]})
    assert answer.status_code == 422 and "自己的管理员权限" in answer.text
    assert alice.post(f"{SETTINGS}/members/{me}/deactivate").status_code == 422
    assert alice.get(f"{SETTINGS}/").status_code == 200


def test_the_last_administrator_stays(cast: Cast) -> None:
    by, me = By(cast.tenants["acme"]), cast.member_id("alice")
    with cast.app.app_context(), pytest.raises(organisation.Refused) as refused:
        joining.change(by, me, "林晓", ["designer"])
    assert refused.value.errors["roles"]["code"] == "members.last_admin"
    with cast.app.app_context(), pytest.raises(organisation.Refused):
        joining.deactivate(by, me)
    with cast.app.app_context():
        joining.change(by, cast.member_id("bob"), "赵博", ["tenant_admin"])
        joining.deactivate(by, me)


def test_who_is_deactivated_is_out_until_he_is_back(cast: Cast) -> None:
    alice, bob, page = cast.sign_in("alice"), cast.sign_in("bob"), f"{SETTINGS}/members/{cast.member_id('bob')}"
    for _ in range(2):
        assert alice.post(f"{page}/deactivate").status_code == 302
    assert bob.get("/t/acme/inbox").headers["Location"].startswith("/sign-in")
    assert cast.sign_in("bob").get("/t/acme/inbox").status_code == 404
    assert "已停用" in alice.get(f"{SETTINGS}/bindings").text
    told = alice.post(f"{SETTINGS}/members", data={"name": "x", "email": "bob@acme.example", "roles": ["staff"]})
    assert "曾是成员" in told.text
    assert alice.post(f"{page}/reactivate").status_code == 302
    assert bob.get("/t/acme/inbox").status_code == 302
    assert cast.sign_in("bob").get("/t/acme/inbox").status_code == 200
    assert [len(trail(cast, verb)) for verb in ("deactivated", "reactivated")] == [1, 1]


def test_the_list_of_members_is_searched_and_filtered(cast: Cast) -> None:
    alice = cast.sign_in("alice")
    assert "冯工" in alice.get(f"{SETTINGS}/members?q=frank").text
    finance = alice.get(f"{SETTINGS}/members?role=finance").text
    assert "方芳" in finance and "冯工" not in finance
    assert "没有符合条件" in alice.get(f"{SETTINGS}/members?state=left&page=9").text


def test_people_and_units_stand_behind_a_role_once_each(cast: Cast) -> None:
    alice = cast.sign_in("alice")
    with cast.reading() as session:
        before = session.scalars(select(Binding.id).where(Binding.role_key == "repair_finance")).all()
    for one in before:
        assert alice.post(f"{SETTINGS}/bindings/{one}/remove").status_code == 302
    assert "没有人承担" in alice.get(f"{SETTINGS}/bindings").text
    for who in ("bob@acme.example", "赵博 Bob", "service", "客户服务部"):
        assert alice.post(f"{SETTINGS}/bindings/repair_finance", data={"who": who}).status_code == 302
    with cast.reading() as session:
        rows = session.scalars(select(Binding).where(Binding.role_key == "repair_finance")).all()
    assert len(rows) == 2
    page = alice.get(f"{SETTINGS}/bindings").text
    assert "2 人" in page and "用于：" in page and "维修对账审批" in page
    assert "audit.bound" not in alice.get(f"{SETTINGS}/audit").text


def test_of_many_behind_a_role_a_few_are_shown_until_it_is_asked_for(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    alice, page = cast.sign_in("alice"), f"{SETTINGS}/bindings"
    monkeypatch.setattr(bindings, "SHOWN", 2)
    for who in ("bob@acme.example", "service"):
        alice.post(f"{page}/engineer", data={"who": who})  # frank and grace stand behind it
    few = alice.get(page).text.partition('id="engineer"')[2].partition("</li>")[0]
    every = alice.get(f"{page}?role=engineer").text
    assert "全部 4 个" in few and "赵博" not in few and "冯工" in few
    assert "全部 4 个" not in every and "赵博" in every and 'id="supervisor"' not in every


def test_whom_one_may_mean_is_looked_for_as_one_writes(cast: Cast) -> None:
    alice, who = cast.sign_in("alice"), f"{SETTINGS}/bindings/who"
    assert "bob@acme.example" not in alice.get(f"{SETTINGS}/bindings").text  # nor anybody else, however many there are
    assert alice.get(f"{who}?who=ZHAO").text.strip() == ""
    assert 'value="bob@acme.example">赵博 Bob' in alice.get(f"{who}?who=赵博").text
    assert 'value="service"' in alice.get(f"{who}?who=客户&units=1").text and "service" not in alice.get(f"{who}?who=客户").text


def test_a_role_asks_for_somebody_it_can_find(cast: Cast) -> None:
    alice = cast.sign_in("alice")
    answer = alice.post(f"{SETTINGS}/bindings/engineer", data={"who": "某人"})
    assert answer.status_code == 422 and "没有找到“某人”" in answer.text and 'value="某人"' in answer.text
    alice.post(f"{SETTINGS}/members", data={"name": "赵博 Bob", "email": "bob2@acme.example", "roles": ["staff"]})
    assert "有多个“赵博 Bob”" in alice.post(f"{SETTINGS}/bindings/engineer", data={"who": "赵博 Bob"}).text
    assert alice.post(f"{SETTINGS}/bindings/no_such_role", data={"who": "bob@acme.example"}).status_code == 404


def test_the_trail_is_filtered_and_exported(cast: Cast) -> None:
    alice = cast.sign_in("alice")
    add(alice, cast)
    page = alice.get(f"{SETTINGS}/audit?subject=unit&who=林晓 Alice&q=佛山").text
    assert "佛山服务点" in page and "共 1 条" in page
    body = alice.get(f"{SETTINGS}/audit.csv?subject=unit").data
    lines = body.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("时间,操作人,操作,类型,对象") and "新建,部门/门店,佛山服务点" in lines[1]


def test_the_settings_are_the_administrators_alone(cast: Cast) -> None:
    for name in ("bob", "fiona", "victor"):
        browser = cast.sign_in(name)
        for page in ("", "members", "bindings", "audit", "audit.csv", "units/new"):
            assert browser.get(f"{SETTINGS}/{page}").status_code == 403, (name, page)
        assert (
            browser.post(
                f"{SETTINGS}/members", data={"name": "x", "email": "x@x.example", "roles": ["tenant_admin"]}
            ).status_code
            == 403
        )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("440305", ("440305", "")),
        ("广东省深圳市南山区科技园南路 12 号", ("440305", "科技园南路 12 号")),
        ("广东/深圳", ("4403", "")),
        ("北京市朝阳区建国路 88 号", ("110105", "建国路 88 号")),
        ("Guangdong/Shenzhen/Nanshan Keji Road", ("440305", "Keji Road")),
        ("Hong Kong", ("81", "")),
        ("广东省深圳路 1 号", ("44", "深圳路 1 号")),
        ("亚特兰蒂斯", None),
    ],
)
def test_an_address_in_one_piece_is_read_and_never_guessed(text: str, found: Any) -> None:
    assert regions.read(text) == found


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_every_place_is_read_back_as_it_was_written(language: str) -> None:
    assert [code for code in regions.names() if regions.code_of(regions.path(code, language)) != code] == []


def brought(alice: FlaskClient, what: str, *rows: str) -> Any:
    sent = {"file": (BytesIO("\n".join(rows).encode()), "a.csv")}
    return alice.post(f"{SETTINGS}/import/{what}", data=sent, content_type="multipart/form-data")


def test_units_come_from_a_file_whole_or_not_at_all(cast: Cast) -> None:
    alice, head = cast.sign_in("alice"), "名称,编号,类型,上级,服务地区"
    shop = "佛山店,FS1,门店,粤西,广东省/佛山市"  # stands above what it hangs from
    answer = brought(alice, "units", head, shop, "粤西,YX,区域,south,", "空,,门店,YX,", "远,FAR,摊位,nowhere,")
    assert answer.status_code == 422 and unit(cast, "FS1") is None
    assert ">4</td>" in answer.text and ">5</td>" in answer.text and ">2</td>" not in answer.text
    assert brought(alice, "units", head, shop, "粤西,YX,区域,south,").status_code == 302
    found = unit(cast, "FS1")
    assert found and (found.kind, found.parent_id, found.regions) == ("store", unit_id(cast, "YX"), ["4406"])
    assert brought(alice, "units", "编号,名称", "FS1,佛山一店").status_code == 302  # columns that are not there stay
    found = unit(cast, "FS1")
    assert found and (found.name["zh-Hans"], found.regions) == ("佛山一店", ["4406"])
    taken_out = alice.get(f"{SETTINGS}/units.xlsx").data
    again = {"file": (BytesIO(taken_out), "a.xlsx")}
    answer = alice.post(f"{SETTINGS}/import/units", data=again, content_type="multipart/form-data", follow_redirects=True)
    assert "新增 0，更新 0" in answer.text


def test_people_come_from_a_file_into_their_places_and_get_links(cast: Cast) -> None:
    alice, head = cast.sign_in("alice"), "姓名,邮箱,权限,部门/门店,职位,负责人"
    answer = brought(
        alice, "members", head, "甲,jia@new.example,,south,店长,是", "乙,yi@new.example,店长,south,,", "丙,he@x,,,,"
    )
    assert answer.status_code == 422 and ">3</td>" in answer.text and "“he@x”不是" in answer.text
    with cast.reading() as session:
        assert session.scalar(select(Member).where(Member.email == "jia@new.example")) is None
    rows = [
        "甲,jia@new.example,,south,店长,是",
        "甲,jia@new.example,,sz-nanshan,,",
        "Bob,bob@acme.example,企业管理员,south,顾问,",
    ]
    answer = brought(alice, "members", head, *rows)
    assert answer.status_code == 200 and answer.text.count("/sign-in/invitation/") == 2  # of all, and of the one
    with cast.reading() as session:
        who = session.scalars(select(Member).where(Member.email == "jia@new.example")).one()
        held = set(session.scalars(select(MemberRole.role).where(MemberRole.member_id == who.id)))
        places = {one.head for one in session.scalars(select(UnitMember).where(UnitMember.member_id == who.id))}
        bob = session.scalars(select(Member).where(Member.email == "bob@acme.example")).one()
        assert held == {"staff"} and places == {True, False}
        assert "tenant_admin" not in set(session.scalars(select(MemberRole.role).where(MemberRole.member_id == bob.id)))
    assert "jia@new.example" in alice.get(f"{SETTINGS}/members.csv").text
    assert brought(alice, "members", "姓名,邮箱,部门/门店", "甲,jia@new.example,south").status_code == 302
    with cast.reading() as session:  # columns that are not there stay
        placed = session.scalars(select(UnitMember).where(UnitMember.member_id == who.id, UnitMember.head)).one()
        assert placed.position == "店长"

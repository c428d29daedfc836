"""Template packs: previewed, imported whole or not at all, exported as the same bytes, refused where they are wrong."""

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from dougong import demo, schemas
from dougong.builder import packing, packs
from dougong.platform import assets, documents
from dougong.platform.documents import Document, Version
from dougong.platform.messages import t
from dougong.platform.store import transaction
from dougong.runtime.canonical import canonical, content_hash, parse
from dougong.runtime.reason import Refused
from tests import many
from tests.cast import Cast, errors
from tests.spoiled import spoiled

PACKS = [demo.PACKS / f"{name}.json" for name in demo.INSTALLED]  # the others travel in tests/host/test_pack_stories.py


WHOLE: list[dict[str, Any]] = [parse(path.read_bytes()) for path in PACKS]
ITEMS = [item for pack in WHOLE for item in pack["items"]]


@st.composite
def spoiled_packs(draw: Any) -> dict[str, Any]:
    """A pack with an item, or all that stands around the items, spoiled in one or two places."""
    pack = draw(st.sampled_from(WHOLE))
    if draw(st.integers(0, 5)) == 0:
        return {"items": pack["items"][:2], **draw(spoiled([{**pack, "items": pack["items"][:2]}], WHOLE))}
    index = draw(st.integers(0, len(pack["items"]) - 1))
    item = draw(spoiled([pack["items"][index]], ITEMS))
    return {**pack, "items": [*pack["items"][:index], item, *pack["items"][index + 1 :]]}


@settings(max_examples=many(25), deadline=None)
@given(spoiled_packs())
def test_whatever_is_spoiled_in_a_pack_is_told_with_its_path_or_as_a_problem(pack: dict[str, Any]) -> None:
    try:
        found = packs.read(canonical(pack))
    except Refused as refused:
        assert refused.reason.code
        return
    packs.plan(found, {}, {})
    assert all(problems for problems in packs.problems(found, {}).values())


def counts(cast: Cast, slug: str) -> tuple[int, int]:
    with cast.reading(slug) as session:
        return session.scalar(select(func.count()).select_from(Document)) or 0, session.scalar(
            select(func.count()).select_from(Version)
        ) or 0


def upload(client: FlaskClient, raw: bytes, slug: str = "globex") -> Any:
    return client.post(f"/t/{slug}/packs/preview", data={"file": (io.BytesIO(raw), "pack.json")})


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.stem)
def test_export_import_export_gives_the_same_bytes(cast: Cast, path: Path) -> None:
    """From Acme, where the demo has installed it, into Globex, where there is nothing, and out again."""
    first = cast.sign_in("alice").get(f"/t/acme/packs/{path.stem}.json").data
    assert first == path.read_bytes()
    charlie = cast.sign_in("charlie")
    preview = upload(charlie, first)
    assert preview.status_code == 200
    form = dict(_hidden(preview.text))
    assert charlie.post("/t/globex/packs/import", data=form).status_code == 302
    assert "已经提交过" in charlie.post("/t/globex/packs/import", data=form, follow_redirects=True).text  # pressed twice
    assert charlie.get(f"/t/globex/packs/{path.stem}.json").data == first


def test_a_preview_writes_nothing(cast: Cast) -> None:
    before = counts(cast, "globex")
    page = upload(cast.sign_in("charlie"), PACKS[0].read_bytes())
    assert page.status_code == 200 and counts(cast, "globex") == before


def test_an_import_over_the_same_changes_nothing(cast: Cast) -> None:
    before = counts(cast, "acme")
    alice = cast.sign_in("alice")
    page = upload(alice, PACKS[0].read_bytes(), "acme")
    assert "无变化" in page.text
    alice.post("/t/acme/packs/import", data=dict(_hidden(page.text)))
    assert counts(cast, "acme") == before


def test_a_changed_item_is_named_and_becomes_a_new_version(cast: Cast) -> None:
    pack = json.loads(PACKS[0].read_bytes())
    form = next(item for item in pack["items"] if item["kind"] == "form")
    form["title"] = {"zh-Hans": "改过", "en": "Changed"}
    with cast.reading() as session:
        found = packing.preview(canonical(pack))
        changed = [item for item in found.items if item.what == "change"]
        assert [(item.key, item.changes) for item in changed] == [(form["key"], ("title",))]
        packing.import_pack(_By(cast.tenants["acme"]), canonical(pack))
        session.rollback()
        assert session.scalars(select(Document.active).where(Document.key == form["key"], Document.kind == "form")).one() == 2
        user = next(item["key"] for item in pack["items"] if item.get("form") == form["key"])
        version = documents.active_version(session, "workflow", user)  # which tickets begin with
        assert version and version.lock[f"form/{form['key']}"] == 2


def test_what_was_changed_here_is_kept_where_its_pack_is_updated(cast: Cast) -> None:
    pack = json.loads(PACKS[0].read_bytes())
    form = next(item for item in pack["items"] if item["kind"] == "form")
    entity = next(item for item in pack["items"] if item["kind"] == "entity")
    mine, theirs = {"zh-Hans": "我们改过", "en": "Ours"}, {"zh-Hans": "新版", "en": "Theirs"}
    by = _By(cast.tenants["acme"])
    with cast.app.app_context(), transaction(by.tenant_id) as session:
        there = documents.find(session, "form", form["key"])
        assert there
        draft = {**there.draft, "title": mine}
        documents.save(session, by, there, there.revision, draft, content_hash(draft))
    form["title"] = entity["title"] = theirs
    alice, keep = cast.sign_in("alice"), f"form/{form['key']}"
    page = upload(alice, canonical({**pack, "version": "9.0.0"}), "acme").text
    assert page.count("您改过</span>") == 1 and re.findall(r'value="(\S+)" form="take" checked', page) == [keep]
    alice.post("/t/acme/packs/import", data=dict([*_hidden(page), ("keep", keep)]))
    with cast.reading() as session:
        drafts = {(one.kind, one.key): one.draft["title"] for one in session.scalars(select(Document))}
        assert (drafts["form", form["key"]], drafts["entity", entity["key"]]) == (mine, theirs)
        assert [row.version for row in packing.installed(session) if row.key == pack["key"]] == ["9.0.0"]


def test_what_an_item_differs_in_has_a_name_in_words() -> None:
    parts = {part for kind in schemas.KINDS for part in schemas.schema(kind)["properties"]} - {"kind", "key"}
    assert {part for part in parts if t(f"packs.part.{part}", "en").startswith("packs.")} == set()


class _By:
    member_id, name = None, "test"

    def __init__(self, tenant_id: str) -> None:
        self.tenant_id = tenant_id


def test_an_import_is_refused_where_the_drafts_have_moved_on(cast: Cast) -> None:
    with cast.reading("globex"):
        by, raw = _By(cast.tenants["globex"]), PACKS[0].read_bytes()
        fingerprint = packing.preview(raw).fingerprint
        packing.import_pack(by, raw)
        with pytest.raises(Refused, match="moved_on"):
            packing.import_pack(by, raw, fingerprint)


def _with(change: Any) -> bytes:
    pack = json.loads(PACKS[0].read_bytes())
    change(pack)
    return json.dumps(pack, ensure_ascii=False).encode()


def _break_story(pack: Any) -> None:
    workflow = next(item for item in pack["items"] if item["kind"] == "workflow" and item.get("stories"))
    workflow["stories"][0]["then"] = {"status": "failed"}


def _unreachable(pack: Any) -> None:
    workflow = next(item for item in pack["items"] if item["kind"] == "workflow")
    workflow["edges"] = workflow["edges"][1:]


BAD: list[tuple[str, bytes]] = [
    ("empty", b""),
    ("truncated", PACKS[0].read_bytes()[:-200]),
    ("not json", b"PK\x03\x04 a zip"),
    ("another file", b'{"hello": "world"}'),
    ("oversized", b'{"a": "' + b"x" * packs.MAX_BYTES + b'"}'),
    ("deep", b"[" * 100_000),
    ("an unknown key", _with(lambda pack: pack.update(secret="x"))),
    ("an unknown key in an item", _with(lambda pack: pack["items"][0].update(onload="alert(1)"))),
    ("an unknown kind", _with(lambda pack: pack["items"][0].update(kind="script"))),
    ("the same item twice", _with(lambda pack: pack["items"].append(pack["items"][0]))),
    ("an item that lacks what it names", _with(lambda pack: pack["items"].pop(0))),
    ("a workflow that cannot run", _with(_unreachable)),
    ("a remote reference", _with(lambda pack: pack["items"][0].update({"$ref": "http://127.0.0.1:1/x"}))),
    ("a float", PACKS[0].read_bytes().replace(b'"format": 1', b'"format": 1.0', 1)),
]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the test client leaves its upload open
@pytest.mark.parametrize(("name", "raw"), BAD, ids=[name for name, _ in BAD])
def test_a_wrong_pack_is_refused_and_nothing_is_written(cast: Cast, name: str, raw: bytes) -> None:
    before = counts(cast, "globex")
    charlie = cast.sign_in("charlie")
    page = upload(charlie, raw)
    if page.status_code == 200:  # it can be read, but not imported: the preview says so and offers no button
        assert t("packs.impossible", "zh-Hans") in page.text, name
    else:
        assert page.status_code in (422, 413), name
    with cast.reading("globex"), pytest.raises(Exception) as caught:
        packing.import_pack(_By(cast.tenants["globex"]), raw)
    assert type(caught.value).__name__ in ("Refused", "Unpublishable")
    assert counts(cast, "globex") == before


def test_a_pack_whose_story_fails_is_refused_whole(cast: Cast) -> None:
    before = counts(cast, "globex")
    with cast.reading("globex"), pytest.raises(Exception, match="errors"):
        packing.import_pack(_By(cast.tenants["globex"]), _with(_break_story))
    assert counts(cast, "globex") == before


def test_a_key_that_belongs_to_another_definition_is_not_taken(cast: Cast) -> None:
    raw = _with(lambda pack: pack["items"][0].update(uid="somebody-elses"))
    with cast.reading("acme"), pytest.raises(Refused, match="key_taken"):
        packing.import_pack(_By(cast.tenants["acme"]), raw)


def test_a_role_that_is_there_already_is_meant_and_stays_as_it_is(cast: Cast) -> None:
    """A company with an engineer of its own could take in no pack that has one: keys never change, and it is needed."""
    engineer = next(item for item in WHOLE[0]["items"] if (item["kind"], item["key"]) == ("role", "engineer"))
    own = {**engineer, "uid": "our-own", "title": {"zh-Hans": "师傅", "en": "Master"}}
    by = _By(cast.tenants["globex"])
    with cast.app.app_context(), transaction(by.tenant_id) as session:
        documents.create(session, by, own, content_hash(own))
    with cast.reading("globex"):
        found = packing.import_pack(by, PACKS[0].read_bytes())
    assert [item.key for item in found.items if item.what == "kept"] == ["engineer"]
    with cast.reading("globex") as session:
        role = documents.find(session, "role", "engineer")
        assert role and (role.draft["uid"], role.active, role.title["zh-Hans"]) == ("our-own", 1, "师傅")
        row, raw = packing.export_installed(session, "appliance_repair")
    assert ["role", "engineer"] not in row.items
    assert "8 个角色还没有人承担" in cast.sign_in("charlie").get("/t/globex/packs/").text
    assert ("role", "engineer") in {(item["kind"], item["key"]) for item in json.loads(raw)["items"]}


def test_a_pack_is_uninstalled_but_for_what_something_else_needs_and_comes_back(cast: Cast) -> None:
    alice = cast.sign_in("alice")
    assert cast.sign_in("bob").post("/t/acme/packs/appliance_repair/remove").status_code == 403
    page = alice.post("/t/acme/packs/appliance_repair/remove", follow_redirects=True).text
    assert "已卸载“家电售后报修”" in page and "仍被其他内容使用，保留：工作日（中国）" in page  # another pack has it, too

    def there() -> set[tuple[str, str]]:
        with cast.reading() as session:
            return {(one.kind, one.key) for one in documents.listed(session)}

    assert "个角色还没有人承担" not in page  # the demo has somebody behind each
    gone = {(item["kind"], item["key"]) for item in WHOLE[0]["items"]} - {("calendar", "china_workdays")}
    assert not gone & there() and ("calendar", "china_workdays") in there()
    assert alice.post("/t/acme/packs/appliance_repair/remove").status_code == 404
    alice.post("/t/acme/packs/import", data=dict(_hidden(upload(alice, PACKS[0].read_bytes(), "acme").text)))
    assert gone <= there()


def test_what_is_chosen_brings_along_what_it_refers_to(cast: Cast) -> None:
    alice = cast.sign_in("alice")
    answer = alice.post(
        "/t/acme/packs/export",
        data={"title": "我的包", "key": "mine", "version": "1.0.0", "icon": "truck", "item": "workflow/repair"},
    )
    assert answer.status_code == 200
    kinds = {(item["kind"], item["key"]) for item in json.loads(answer.data)["items"]}
    assert {("form", "repair_request"), ("settlement", "repair_fee"), ("role", "engineer"), ("entity", "customer")} <= kinds
    found = packs.read(answer.data)
    assert (found["title"]["zh-Hans"], found["icon"]) == ("我的包", "truck")
    wrong = alice.post("/t/acme/packs/export", data={"title": "x", "key": "9", "version": "1", "item": "workflow/repair"})
    assert wrong.status_code == 422 and errors(wrong.text, "span") == [t("packs.wrong_key"), t("packs.wrong_version")]
    assert 'value="9"' in wrong.text and 'value="workflow/repair" checked' in wrong.text  # what was chosen stands again


def test_a_pack_holds_no_person_tenant_or_secret(cast: Cast) -> None:
    raw = cast.sign_in("alice").get(f"/t/acme/packs/{PACKS[0].stem}.json").data.decode()
    for private in (cast.tenants["acme"], "@acme.example", cast.member_id("alice"), "password", "binding"):
        assert private not in raw


def _hidden(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<input type="hidden" name="(name|fingerprint|form_key)" value="([^"]+)"', page)


def test_every_pack_of_the_shelf_has_an_icon_that_is_drawn() -> None:
    icons = {path.stem: json.loads(path.read_bytes()).get("icon", "") for path in demo.PACKS.glob("*.json")}
    unknown = assets.drawing("no-such-icon")
    assert [name for name, icon in icons.items() if assets.drawing(icon) == unknown] == []
    assert [icon for icon in packs.ICONS if assets.drawing(icon) == unknown] == []

"""`python -m dougong settle`: a definition and lines in, statements out; what cannot be read is set aside and told."""

import csv
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook

from dougong.__main__ import main

PACK = Path(__file__).parents[1] / "packs" / "dealer_rebate.json"
HEAD = "订单号,经销商,经销商类型,地区,订单金额,下单日期\n"
GOOD = [
    "SO-1,诚信,大客户,广东省广州市,4800000,2026-10-08", 'SO-2,诚信,大客户,广东省广州市,"650,000.50",2026/10/21',
    "SO-3,小李,小商户,香港特别行政区,8600,2026-10-12", "SO-5,小李,小商户,香港特别行政区,100,2026-11-01",
]  # fmt: skip


@pytest.fixture
def lines(tmp_path):
    def written(*rows, encoding="utf-8"):
        path = tmp_path / "lines.csv"
        path.write_text(HEAD + "\n".join(rows) + "\n", encoding)
        return str(path)

    return written


def settled(*words):
    done = CliRunner().invoke(main, ["settle", *words, "--json"])
    return done.exit_code, json.loads(done.stdout.splitlines()[-1]), done.stderr


def test_a_pack_and_a_file_give_the_statements_of_a_month(lines):
    code, found, _ = settled(str(PACK), lines(*GOOD), "--period", "2026-10")
    assert code == 0
    assert [(one["partner"]["id"], one["currency"], one["gross"]) for one in found["statements"]] == [
        ("诚信", "CNY", "93500.02"), ("小李", "HKD", "12.50"),
    ]  # fmt: skip


def test_without_a_period_every_month_has_its_own(lines):
    _, found, _ = settled(str(PACK), lines(*GOOD, encoding="gbk"))
    assert [one["from"] for one in found["statements"]] == ["2026-10-01", "2026-10-01", "2026-11-01"]


@pytest.mark.parametrize("amount", ["1e5", "NaN", "many", ""])
def test_a_row_that_cannot_be_read_is_set_aside_with_its_reason(lines, amount):
    wrong = f"SO-4,小李,小商户,香港特别行政区,{amount},2026-10-12"
    code, found, told = settled(str(PACK), lines(*GOOD, wrong), "--period", "2026-10", "--language", "en")
    assert code == 1
    assert [(one["row"], one["column"], one["value"]) for one in found["refused"]] == [(6, "amount", amount)]
    assert "Row 6, amount" in told
    assert len(found["statements"]) == 2


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-Hans", "300万(含)以上至500万(不含)的部分：2,000,000 × 2%: 40,000"),
        ("en", "In the tier 5,000,000 and above: 450,000.5 × 3%: 13,500.015"),
    ],
)
def test_every_amount_is_explained_in_a_folder_of_files(lines, tmp_path, language, words):
    done = CliRunner().invoke(main, ["settle", str(PACK), lines(*GOOD), "--out", str(tmp_path / "out"), "--language", language])
    assert done.exit_code == 0
    explained = (tmp_path / "out" / "statements.txt").read_text("utf-8")
    assert words in explained
    with (tmp_path / "out" / "lines.csv").open(encoding="utf-8-sig") as file:
        assert [row["line"] for row in csv.DictReader(file)] == ["SO-1", "SO-2", "SO-3", "SO-5"]
    assert len(json.loads((tmp_path / "out" / "statements.json").read_text("utf-8"))["statements"]) == 3


def test_a_file_without_a_settlement_is_refused(lines, tmp_path):
    other = tmp_path / "role.json"
    other.write_text(json.dumps({"kind": "role", "key": "x"}), "utf-8")
    code, found, _ = settled(str(other), lines(*GOOD))
    assert (code, found["code"]) == (1, "settle.no_definition")


def test_a_definition_with_errors_is_not_run(lines, tmp_path):
    pack = json.loads(PACK.read_bytes())
    doc = next(item for item in pack["items"] if item["kind"] == "settlement")
    doc["shares"][0]["percent"] = "61"
    path = tmp_path / "wrong.json"
    path.write_text(json.dumps(doc, ensure_ascii=False), "utf-8")
    code, found, _ = settled(str(path), lines(*GOOD))
    assert (code, [one["code"] for one in found["problems"]]) == (1, ["check.shares_not_100"])


def test_a_file_that_is_no_table_is_refused(tmp_path):
    path = tmp_path / "lines.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    code, found, _ = settled(str(PACK), str(path))
    assert (code, found["code"]) == (1, "sheet.no_known_column")


# --- in bulk


@pytest.fixture
def in_bulk(monkeypatch):
    """Every CSV file is too much to be explained line by line."""
    monkeypatch.setattr("dougong.runtime.host.settlement.settling_bulk.ONE_BY_ONE", 0)


WRONG = [
    "SO-6,小李,小商户,香港特别行政区,1e5,2026-10-12", "SO-7,小李,小商户,香港特别行政区,5,十月",
    "SO-8,小李,外星人,香港特别行政区,5,2026-10-12", "SO-9,小李,小商户,火星,5,2026-10-12",
    "SO-10,小李,小商户,香港特别行政区,1.234,2026-10-12", "SO-1,小李,小商户,香港特别行政区,5,2026-10-12",
    "SO-11,,小商户,香港特别行政区,-5,2026-10-12", "SO-12,小李,小商户,香港特别行政区,NaN,2026-10-12",
]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_a_large_file_comes_to_the_same(lines, in_bulk, encoding, monkeypatch):
    file = lines(*GOOD, encoding=encoding)
    code, found, _ = settled(str(PACK), file, "--period", "2026-10")
    monkeypatch.undo()
    assert (code, found) == settled(str(PACK), file, "--period", "2026-10")[:2]


def test_a_large_excel_file_comes_to_the_same(lines, in_bulk, tmp_path):
    book = Workbook()
    for row in csv.reader([HEAD, *GOOD]):
        book.active.append(row)
    book.save(tmp_path / "lines.xlsx")
    assert settled(str(PACK), str(tmp_path / "lines.xlsx"))[:2] == settled(str(PACK), lines(*GOOD))[:2]


def test_what_is_wrong_in_a_large_file_is_told_as_in_a_small_one(lines, in_bulk, monkeypatch):
    file = lines(*GOOD, *WRONG)
    code, found, told = settled(str(PACK), file, "--language", "en")
    assert code == 1
    repeated = [one for one in found["refused"] if one["code"] == "settle.repeated"]
    assert [(one["row"], one["column"], one["value"]) for one in repeated] == [(11, "order_no", "SO-1")]
    assert "Row 6, amount = 1e5" in told
    monkeypatch.undo()
    small = settled(str(PACK), file)[1]
    set_aside = [{(one["row"], one["column"], one["value"], one["code"]) for one in by["refused"]} for by in (small, found)]
    assert set_aside[0] == set_aside[1]
    assert small["statements"] == found["statements"]


@pytest.mark.parametrize("large", [False, True])
def test_a_line_whose_number_came_before_is_set_aside(lines, monkeypatch, large):
    if large:
        monkeypatch.setattr("dougong.runtime.host.settlement.settling_bulk.ONE_BY_ONE", 0)
    code, found, _ = settled(str(PACK), lines(*GOOD, GOOD[0]), "--period", "2026-10")
    assert (code, [(one["row"], one["code"]) for one in found["refused"]]) == (1, [(6, "settle.repeated")])
    assert found["statements"] == settled(str(PACK), lines(*GOOD), "--period", "2026-10")[1]["statements"]


@pytest.mark.parametrize("kind", ["small", "large", "parquet"])
def test_a_file_without_what_the_platform_would_look_up_is_refused(tmp_path, monkeypatch, kind):
    """Else no rule fits, and all comes to nothing without a word."""
    path = tmp_path / "lines.csv"
    path.write_text("订单号,经销商,地区,订单金额,下单日期\nSO-1,诚信,广东省广州市,4800000,2026-10-08\n", "utf-8")
    if kind == "large":
        monkeypatch.setattr("dougong.runtime.host.settlement.settling_bulk.ONE_BY_ONE", 0)
    if kind == "parquet":
        import duckdb

        duckdb.sql(f"COPY (SELECT * FROM read_csv('{path}', all_varchar = true)) TO '{path}.parquet'")
    done = CliRunner().invoke(main, ["settle", str(PACK), f"{path}.parquet" if kind == "parquet" else str(path)])
    assert done.exit_code == 1 and "经销商类型" in done.output


def test_the_good_rows_of_a_large_file_are_kept_with_what_they_are_worth(lines, in_bulk, tmp_path):
    done = CliRunner().invoke(main, ["settle", str(PACK), lines(*GOOD, *WRONG), "--out", str(tmp_path / "out")])
    assert done.exit_code == 1
    with (tmp_path / "out" / "lines.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [one["line"] for one in rows] == ["SO-1", "SO-2", "SO-3", "SO-5"]
    assert {one["currency"] for one in rows} == {"CNY", "HKD"}
    assert len(json.loads((tmp_path / "out" / "statements.json").read_text("utf-8"))["statements"]) == 3


def test_parquet_is_settled_by_titles_of_columns(lines, tmp_path):
    import duckdb

    path = tmp_path / "lines.parquet"
    duckdb.sql(f"COPY (SELECT * FROM read_csv('{lines(*GOOD)}', all_varchar = true)) TO '{path}'")
    assert settled(str(PACK), str(path))[1] == settled(str(PACK), lines(*GOOD))[1]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PAR1 and nothing more", "sheet.unreadable"), (b"a,b\n1,2\n", "sheet.no_known_column"),
        (b"\xff\xff\xff", "sheet.unreadable"), (b"a\x00b", "sheet.unreadable"),
    ],
)  # fmt: skip
def test_a_large_file_that_is_no_table_is_refused(in_bulk, tmp_path, content, code):
    path = tmp_path / "lines.csv"
    path.write_bytes(content)
    exit_code, found, _ = settled(str(PACK), str(path))
    assert (exit_code, found["code"]) == (1, code)


def test_the_python_calls_of_the_docs_are_as_they_say(capsys):
    page = (Path(__file__).parents[1] / "docs" / "settling.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(blocks) == 3
    exec("\n".join(blocks), {})
    assert "settle.part.tier_percentage" in capsys.readouterr().out


def test_a_period_of_which_there_is_nothing_is_told_with_those_that_there_are(lines):
    code, found, told = settled(str(PACK), lines(*GOOD), "--period", "2025-10", "--language", "en")
    assert (code, found["statements"]) == (1, []) and "2026-10-01, 2026-11-01" in told

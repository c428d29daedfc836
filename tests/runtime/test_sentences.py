"""The addends of an amount in words, in both languages; and each end of a tier as what it is."""

import pytest

from dougong.platform.messages import t
from dougong.platform.regions import full_name
from dougong.runtime.settlement.sentences import amount_words, sentence, span

BETWEEN = {"from": "100000", "below": "500000"}
UPTO = {"above": "100000", "upto": "500000"}


def said(code, params, tag):
    return sentence(code, params, lambda name, **gaps: t(name, tag, **gaps), tag)


@pytest.mark.parametrize(
    ("params", "chinese", "english"),
    [
        (BETWEEN, "10万(含)以上至50万(不含)", "100,000 up to but not including 500,000"),
        (UPTO, "10万(不含)以上至50万(含)", "above 100,000 up to and including 500,000"),
        ({"from": "0", "below": "100000"}, "10万(不含)以下", "below 100,000"),
        ({"above": "0", "upto": "100000"}, "10万(含)以下", "up to and including 100,000"),
        ({"from": "500000", "below": "∞"}, "50万(含)以上", "500,000 and above"),
        ({"above": "500000", "upto": "∞"}, "50万(不含)以上", "above 500,000"),
        ({"from": "0", "below": "∞"}, "全部", "all of it"),
    ],
)
def test_a_tier_says_which_end_is_inside(params, chinese, english):
    for tag, words in (("zh-Hans", chinese), ("en", english)):
        assert span(params, lambda code, tag=tag, **gaps: t(code, tag, **gaps), tag) == words


@pytest.mark.parametrize(
    ("value", "chinese"),
    [
        ("100000", "10万"),
        ("123456.78", "123,456.78"),
        ("250000000", "2.5亿"),
        ("9999", "9,999"),
        ("15000", "1.5万"),
        ("much", "much"),
    ],
)
def test_large_amounts_are_said_in_ten_thousands_where_that_is_exact(value, chinese):
    assert amount_words(value, "zh-Hans") == chinese


def test_a_part_can_be_followed_with_a_pocket_calculator():
    params = {**BETWEEN, "measure": "400000", "percent": "2"}
    assert said("settle.part.tier_percentage", params, "zh-Hans") == "10万(含)以上至50万(不含)的部分：400,000 × 2%"
    assert (
        said("settle.part.tier_percentage", params, "en") == "In the tier 100,000 up to but not including 500,000: 400,000 × 2%"
    )


@pytest.mark.parametrize(
    ("code", "chinese", "english"),
    [
        ("achievement", "落在80%(含)以上至100%(不含)一档", "the tier 80% up to but not including 100%"),
        ("achievement_slice", "百分比在80%(含)以上至100%(不含)的部分", "the part 80% up to but not including 100%"),
        ("interpolated", "80%(含)以上至100%(不含)由", "80% up to but not including 100% it goes"),
    ],
)
def test_tiers_of_a_rate_of_achievement_are_percentages(code, chinese, english):
    params = {"from": "80", "below": "100"}
    assert chinese in said(f"settle.part.{code}", params, "zh-Hans") and english in said(f"settle.part.{code}", params, "en")


def test_tiers_of_a_payment_are_days():
    params = {"from": "15", "below": "30", "qualifier": "20", "measure": "100", "percent": "2", "coefficient": "80"}
    assert said("settle.part.payment_delay", params, "zh-Hans").startswith("20 天回款，落在15天(含)以上至30天(不含)一档")
    assert "the tier 15 days up to but not including 30 days" in said("settle.part.payment_delay", params, "en")


def test_a_group_by_region_is_called_by_the_name_of_the_place():
    group = [{"title": {"zh-Hans": "区域", "en": "Region"}, "region": "44"}]
    params = {"figure": "F", "window": "W", "period": "2026", "lines": "2", "found": "5", "of": "A", "group": group}
    found = sentence("settle.part.window_sum", params, lambda code, **gaps: t(code, "en", **gaps), "en", place=full_name)
    assert found == "F (W 2026 · Region Guangdong; lines: 2; sum of A): 5"


def test_a_rounding_names_its_places_and_its_mode():
    params = {"places": "2", "mode": {"zh-Hans": "四舍五入", "en": "half up"}}
    assert said("settle.part.rounding", params, "zh-Hans") == "取到 2 位小数（四舍五入）"
    assert said("settle.part.rounding", params, "en") == "Rounded to 2 places (half up)"


@pytest.mark.parametrize(("source", "chinese", "english"), [("", "", ""), ("央行", "，央行", ", 央行")])
def test_a_rate_names_its_source_where_it_has_one(source, chinese, english):
    rate = {"given": "USD", "wanted": "CNY", "rate": "7.1", "per": "1", "day": "2026-10-01", "source": source}
    words = [said("settle.part.converted", {"amount": "10", "found": "71", **rate}, tag) for tag in ("zh-Hans", "en")]
    assert words == [
        f"10 USD × 7.1 ÷ 1 = 71 CNY（2026-10-01 汇率{chinese}）", f"10 USD × 7.1 ÷ 1 = 71 CNY (rate of 2026-10-01{english})",
    ]  # fmt: skip

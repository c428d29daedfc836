"""What of a settlement the inspector draws from a description, beside its tables: in words, with the values that may be set.

Pure. What may stand there says `schemas/settlement.json`; a test holds the two together.
"""

from typing import Any, Final

from dougong.runtime.config import DECIMAL, KEY, TEXT, config_of, setting
from dougong.runtime.settlement.rounding import MODE_TITLES, PLACE_TITLES, PLACES
from dougong.runtime.tiers._type import FIGURES

Words = dict[str, tuple[str, str]]
FIELDS: Final = {"type": "array", "maxItems": 20, "items": KEY}
PERIODS: Final[Words] = {
    "day": ("日", "Day"),
    "month": ("月", "Month"),
    "quarter": ("季", "Quarter"),
    "half": ("半年", "Half-year"),
    "year": ("年", "Year"),
}
ALSO_CONTRACTS: Final[Words] = {**PERIODS, "contract": ("合同期", "Contract")}
CURRENCY: Final = {"type": "string", "maxLength": 3, "x-widget": "currency"}
SUMS: Final = {**CURRENCY, "x-widget": "sums"}  # or "own"
SAME_CURRENCY: Final = (
    "金额与单价的币种。可能以多个币种结算时须写明，其他币种按汇率表换算",
    "Of sums and unit prices. To be named where there may be several: in others they are converted",
)


def _contract(when: dict[str, list[str]] | None = None) -> dict[str, Any]:
    """The inputs with its days, of a window and of a whole settlement."""
    open_end = ("不设置：没有终止日", "Not set: it has no end")
    return {
        "since": setting("合同起始日期（含）", "First day of the contract", KEY, widget="field", when=when),
        "until": setting("合同终止日期（含）", "Last day of the contract", KEY, widget="field", help=open_end, when=when),
    }


def _pair(words: dict[str, str]) -> tuple[str, str]:
    return words["zh-Hans"], words["en"]


VALID = setting(
    "有效期",
    "Valid",
    widget="object",
    group=("优先级与有效期", "Priority and days"),
    help=("按业务日期：起始日含，截止日不含", "By the business date: from the first day on, until before the other"),
    properties={
        "from": setting("起（含）", "From", widget="day"),
        "below": setting("止（不含）", "Until before", widget="day"),
    },
)
CONDITION = setting(
    "附加条件",
    "Condition",
    widget="condition",
    help=("除各维度外，明细还须满足", "What a line must meet beside the dimensions"),
)
WINDOW = setting(
    "统计范围",
    "Counted over",
    widget="object",
    help=(
        "不设置：只统计本身；设置后统计一段期间、一组对象的明细，对账单只算到本期末",
        "Not set: only itself; else the lines of a period and a group, for a statement those up to its end",
    ),
    properties={
        "period": setting("期间", "Period", options={**ALSO_CONTRACTS, "rolling": ("滚动天数", "Rolling days")}),
        "days": setting("天数", "Days", type="integer", minimum=1, maximum=3660, when={"period": ["rolling"]}),
        **_contract(when={"period": ["contract"]}),
        "group": setting(
            "按谁合计",
            "Grouped by",
            FIELDS,
            widget="fields",
            when={"period": [*ALSO_CONTRACTS, "rolling"]},
            help=("不设置：结算对象", "Not set: the partner"),
        ),
        "earlier": setting(
            "往期",
            "Of the past",
            options={"previous": ("上一期", "The period before"), "last_year": ("去年同期", "The same of last year")},
            when={"period": [*PERIODS, "rolling"]},
            help=(
                "不设置：本期；用作目标即同比、环比，如只奖励比去年同期的增长",
                "Not set: this period; as a target it rewards growth, such as only what goes beyond last year",
            ),
        ),
        "so_far": setting(
            "截至本笔",
            "Up to this line",
            type="boolean",
            when={"period": [*ALSO_CONTRACTS, "rolling"]},
            help=(
                "单据计价：只统计到本笔（含）为止，如“第几单”",
                "Price of a line: only the lines up to and with it (“which one of the month”)",
            ),
        ),
    },
)
ROUNDING = {
    "mode": setting("方式", "Mode", options={name: _pair(words) for name, words in MODE_TITLES.items()}, default="half_up"),
    "places": setting(
        "小数位数",
        "Places",
        type="integer",
        minimum=0,
        maximum=9,
        help=("不设置：币种的最小单位", "Not set: the currency's own"),
    ),
    "multiple": setting(
        "取到……的倍数",
        "To a multiple of",
        DECIMAL,
        help=("如 0.05、0.5、10；设置后代替小数位数", "Such as 0.05, 0.5 or 10; takes the place of the decimal places"),
    ),
}
RATE = config_of(
    ("from", "to", "day", "rate"),
    **{
        "from": setting("从币种", "From", CURRENCY),
        "to": setting("到币种", "To", CURRENCY),
        "day": setting("日期", "Day", widget="day"),
        "rate": setting("汇率", "Rate", DECIMAL),
        "per": setting(
            "每多少单位", "Per", options={one: (one, one) for one in ("1", "10", "100", "1000", "10000")}, default="1"
        ),
    },
)
POOL = config_of(
    ("measure", "percent", "budget"),
    title=setting("名称", "Name", TEXT),
    measure=setting("计量", "Measure", widget="measure"),
    percent=setting(
        "加成比例 %", "Added percentage", DECIMAL, help=("按计量另加这个百分比", "Added on top, in percent of what is measured")
    ),
    budget=setting(
        "预算",
        "Budget",
        DECIMAL,
        help=("先到先得（按日期、单号），用完为止", "First come by date and number, until it is used up"),
    ),
    valid=VALID,
    condition=CONDITION,
)
SPECIAL = ("特殊计算", "Special calculation")
FIGURE_HELP = {"threshold": ("达成率（%）不到这里不计", "Nothing below this rate of achievement, in percent")}

SETTINGS: Final[dict[str, dict[str, Any]]] = {
    "table": config_of(
        policy=setting(
            "命中方式",
            "Hit policy",
            default="first",
            options={
                "first": ("取第一条", "The first that fits"),
                "unique": ("只许一条", "The only one"),
                "collect": ("全部汇总", "All of them"),
            },
        ),
        collect=setting(
            "汇总方式",
            "Made one by",
            default="sum",
            when={"policy": ["collect"]},
            options={"sum": ("相加", "Sum"), "max": ("取最高", "The most"), "min": ("取最低", "The least")},
        ),
        negative=setting(
            "负数怎样定档",
            "Tier of negative amounts",
            default="mirror",
            options={
                "mirror": ("按绝对值（与正数相同）", "As of the same positive amount"),
                "lowest": ("最低档，不算达标", "The lowest; nothing is reached"),
                "refuse": ("不结算，说明原因", "None: set aside, with the reason"),
            },
        ),
    ),
    "rule": config_of(
        priority=setting(
            "优先级",
            "Priority",
            type="integer",
            minimum=-1000,
            maximum=1000,
            group=("优先级与有效期", "Priority and days"),
            help=("大者先问；相同按表中顺序", "The higher is asked first; equals as drawn"),
        ),
        valid=VALID,
        condition=CONDITION,
    ),
    "charge": config_of(
        (),
        qualifier=setting(
            "按什么定档",
            "Tier chosen by",
            widget="measure",
            help=(
                "不设置：与计量相同；按回款天数打折时，选回款天数的最大值",
                "Not set: what is measured. Where delay counts: the greatest number of days",
            ),
        ),
        target=setting(
            "目标",
            "Target",
            widget="measure",
            help=(
                "达成率 = 计量 ÷ 目标。每笔单据都带着整月目标时，选“…的最大值”，不要合计",
                "The rate is what is measured, by the target. Where every line brings the whole target, take its greatest",
            ),
        ),
        **{
            name: setting(title["zh-Hans"], title["en"], DECIMAL, group=("附加", "Besides"), help=FIGURE_HELP.get(name))
            for name, title in FIGURES.items()
            if name in ("threshold", "free", "size", "fixed", "min", "max")
        },
        blocks=setting(
            "不满一份的",
            "A block that is not full",
            default="begun",
            group=("附加", "Besides"),
            options={
                "begun": ("按一份计", "Counts as one"),
                "full": ("不计（每满一份才计）", "Does not count"),
                "part": ("按比例计（如每 3 件 4 元）", "Counts as that part of one"),
            },
        ),
        currency=setting("金额的币种", "Currency of its sums", SUMS, group=("附加", "Besides"), help=SAME_CURRENCY),
        bounds=setting(
            "档位边界",
            "Bounds of the tiers",
            default="from",
            group=("档位边界", "Bounds"),
            options={
                "from": ("下限含、上限不含", "From (incl.), to below"),
                "upto": ("下限不含、上限含", "Above, up to (incl.)"),
            },
        ),
        zero_enters=setting(
            "数量为零也收首档固定金额",
            "Nothing measured owes the first tier's amount",
            type="boolean",
            group=("档位边界", "Bounds"),
        ),
        marginal=setting(
            "只算本笔带来的增量",
            "Only what the line adds",
            type="boolean",
            group=SPECIAL,
            help=("须给计量设置统计范围", "The measure needs a period that it is counted over"),
        ),
        own_limits=setting(
            "固定费与上下限按每笔",
            "Base fee and limits of each line",
            type="boolean",
            group=SPECIAL,
            when={"marginal": ["true"]},
            help=(
                "不设置：按累计；全部免计的一笔不收",
                "Not set: of what all lines come to. A line that is all free owes none",
            ),
        ),
        prorate=setting(
            "按天折算",
            "Counted days",
            widget="object",
            group=SPECIAL,
            properties={
                "period": setting("整期", "Whole", options={one: PERIODS[one] for one in ("month", "quarter", "half", "year")}),
                "from": setting("起（含）", "From (incl.)", KEY, widget="field"),
                "to": setting("止（含）", "To (incl.)", KEY, widget="field"),
                "of": setting(
                    "整期按几天",
                    "Days of the whole",
                    type="integer",
                    minimum=1,
                    maximum=366,
                    help=("不设置：实际天数", "Not set: as they are"),
                ),
            },
        ),
    ),
    "window": config_of(over=WINDOW),
    "term": config_of(
        per=setting(
            "税额计算",
            "Tax is calculated",
            default="statement",
            options={"statement": ("每张对账单", "A statement"), "line": ("每笔明细", "A line")},
        ),
        valid=VALID,
        condition=CONDITION,
    ),
    "share": config_of(
        currency=setting("固定金额的币种", "Currency of a fixed sum", SUMS, help=SAME_CURRENCY),
        by=setting(
            "按人分配",
            "Among the people of",
            KEY,
            widget="field",
            help=(
                "按每人的明细计价金额分；没有单据计价时按笔数分",
                "By what their lines are worth; by how many they are where lines have no price",
            ),
        ),
    ),
    "whole": config_of(
        zone=setting(
            "时区",
            "Time zone",
            {"type": "string", "maxLength": 40},
            help=("如 Asia/Shanghai；不设置为 UTC", "Such as Asia/Shanghai; else UTC"),
        ),
        period=setting("结算周期", "Period of a statement", options=ALSO_CONTRACTS, default="month"),
        contract=setting("合同", "Contract", widget="object", when={"period": ["contract"]}, properties=_contract()),
        valid=VALID,
        limits=setting(
            "每张对账单的上下限",
            "Least and most of a statement",
            widget="object",
            properties={
                "min": setting("最低", "At least", DECIMAL),
                "max": setting("最高", "At most", DECIMAL),
                "currency": setting("币种", "Currency", SUMS, help=SAME_CURRENCY),
            },
        ),
        rounding=setting(
            "舍入",
            "Rounding",
            widget="object",
            help=("不设置：四舍五入到最小货币单位", "Not set: half up at the currency's smallest unit"),
            properties={where: setting(*_pair(PLACE_TITLES[where]), widget="object", properties=ROUNDING) for where in PLACES},
        ),
        exchange=setting(
            "汇率折算",
            "Foreign currencies",
            widget="object",
            properties={
                "currency": setting("币种列", "Column of the currency", KEY, widget="field"),
                "amounts": setting("折算哪些列", "Amounts", FIELDS, widget="fields"),
                "date": setting(
                    "汇率日期列",
                    "Day of the rate",
                    KEY,
                    widget="field",
                    help=("不设置：业务日期", "Not set: the business date"),
                ),
                "rule": setting(
                    "取哪天的汇率",
                    "Which rate",
                    default="latest",
                    options={
                        "latest": ("当日或此前最近", "The latest by then"),
                        "exact": ("仅当日", "Of that day only"),
                        "month_start": ("当月首日", "Of the month's first day"),
                        "month_end": ("当月末日", "Of the month's last day"),
                    },
                ),
                "source": setting("来源", "Source", {"type": "string", "maxLength": 80}),
                "rates": setting("汇率表", "Rates", {"type": "array", "maxItems": 5000, "items": RATE}, widget="rows"),
            },
        ),
        pools=setting("弹性费率池", "Elastic pools", {"type": "array", "maxItems": 50, "items": POOL}, widget="rows"),
    ),
}

"""October of the packs on the shelf, from the files beside them: what each partner gets, worked out by hand, to the last unit.

Each line says: partner, currency, net, tax, shares; how it comes about stands above it.
"""

import pytest

from dougong import demo
from dougong.platform.messages import pick
from dougong.runtime.canonical import parse
from dougong.runtime.host.settlement import settling
from dougong.runtime.settlement import statement_json

FIGURES = {
    ("regional_sales", "regional_orders_2026_10.csv"): [
        # USD 12,345.67 at 7.10 ÷ 0.0475 = 149.473684: 1,845,353; 3 %: 55,361. Service 10 % of 10,800,000. The quarter in CNY is
        # 87,654.26 + 513,000, so 0.5 % of 12,645,353 on top: 63,227. Tax 10 % of 1,198,588. 60 % is 719,153 with the odd yen;
        # it goes to the offices as 55,361 is to 1,080,000.
        "东京青叶商事 JPY 1198588 119859 35066 684087 479435",
        # 3 % of 2,360,000, and 1 % for the quarter: 94,400, with 6 % inside.
        "华南自动化 CNY 89056.60 5343.40 53433.96 35622.64",
        # 5 % of 88,000.55: 4,400.0275. Out of scope of tax.
        "港九机电 HKD 4400.03 0.00 2640.02 1760.01",
        # 2 % of 64,250.80: 1,285.016. Since 2024 the tax is 9 %: 115.6518.
        "狮城机械 SGD 1285.02 115.65 771.02 514.00",
        # 10 % of 80,000, which are CNY 664,000: 0.5 % more. 19 % of 8,400.
        "莱茵技术 EUR 8400.00 1596.00 5040.00 3360.00",
        # 5 % of 15,400.35: 770.0175. 20 %: 154.004.
        "泰晤士设备 GBP 770.02 154.00 462.02 308.00",
        # 2 % of 41,999.99: 839.9998.
        "西岸工业 USD 840.00 0.00 504.00 336.00",
        # 5 % of 2,150.375: 107.51875, to the fils.
        "海湾贸易 KWD 107.519 0.000 64.512 43.007",
    ],
    ("franchise_profit", "franchise_reports_2026_10.csv"): [
        # 12 % of 182,500.50, 8 % of 46,310.20, 5 % of 12,040, 86 × 3.5, 2,000 × 1.8: 21,900.06 + 3,704.82 + 602 + 301 + 3,600.
        # 1 % of 140,850.70 on top: 31,516.39 with 6 % inside. 500, then 30, 10, 60 % of 29,232.44; the odd cent to the store.
        "南山旗舰店 CNY 29732.44 1783.95 500.00 8769.73 2923.24 17539.47",
        # 744 + 72 + 2,000 × 0.6 = 2,016, made up to 3,000: 1,901.89 + 928.30 without tax. Two odd cents to the store.
        "岳麓店 CNY 2830.19 169.81 500.00 699.05 233.01 1398.13",
        # 32,160 + 4,192.06 + 490 + 5,000, the most for 1,500 orders, + 2,000 = 43,842.06. 2,000 + 2 % of 30,200.80 on top.
        "武侯店 CNY 43817.06 2629.02 500.00 12995.11 4331.70 25990.25",
        # 5,040 + 704.04 + 60 + 14 + 1,200; in Hong Kong without tax.
        "旺角店 HKD 7018.04 0.00 500.00 1955.41 651.80 3910.83",
    ],
    ("service_points", "service_jobs_2026_10.csv"): [
        # Eight jobs with 18 points at 60 + 27 + 5 = 92, one at 35 − 30 = 5: 741. 144 points: 5 %, 37.05, and 300. 6 % of each.
        "南山服务站 CNY 1078.05 64.68 754.63 323.42",
        # 76.50 + 58 + 69 + 62.50 + 82.50; 59 points are one too few.
        "天河服务站 CNY 348.50 20.91 243.95 104.55",
        # 35 − 30 and 35 + 1.50 − 30.
        "浦东服务站 CNY 11.50 0.69 8.05 3.45",
    ],
    ("spare_parts", "parts_charges_2026_10.csv"): [
        # 85 % of 1,850.50, 3,420 and 170: 1,572.93 + 2,907 + 144.50. 5,440.50 at list price are 100 off: 4,524.43, 13 % inside:
        # 520.51. The old part: 260, with 29.91.
        "南山网点 CNY 4234.01 550.42",
        # 92 %: 11,776 + 8,243.94; 21,760.80 are 600 off: 19,419.94, 2,234.15. Old: 680, 78.23.
        "天河网点 CNY 17787.56 2312.38",
        # 76.50 and 118 at list price.
        "浦东网点 CNY 172.12 22.38",
        # Nothing but an old part.
        "武侯网点 CNY 287.61 37.39",
        # 4,999.99 and 0.01 just come to 5,000.
        "西湖网点 CNY 4336.28 563.72",
    ],
    ("course_commission", "course_sales_2026_10.csv"): [
        # 944 + 504 + 1,340 − 236 = 2,552. 53,560 of 50,000 are 107.12 %: 1 %, 535.60.
        "林可 CNY 3087.60 0.00 2470.08 617.52",
        # 2 % of 18,880 and 26,800, 1 % of 2,999, less 94.40. The odd cent is paid now.
        "孟溪 CNY 849.19 0.00 679.36 169.83",
        # 283.20 + 126 − 70.80.
        "秦岚 CNY 338.40 0.00 270.72 67.68",
        # 1.5 % of 12,600 and of 30,500.55: 189 + 457.51.
        "范舟 CNY 646.51 0.00 517.21 129.30",
        # 179.94 + 1,220.02. 33,499.55 of 30,000 are 111.67 %: 1 %, 335.00.
        "苏白 CNY 1734.96 0.00 1387.97 346.99",
        # 0.5 % of 2,999 is 14.995, 15.00; 402; 305.01.
        "温言 CNY 722.01 0.00 577.61 144.40",
    ],
}


@pytest.mark.parametrize(("pack", "lines"), FIGURES)
def test_october_comes_to_what_was_worked_out_by_hand(pack: str, lines: str) -> None:
    doc, _ = settling.chosen(parse((demo.PACKS / f"{pack}.json").read_bytes()))
    found = settling.settled(doc, (demo.PACKS / "demo" / lines).read_bytes(), lines, "2026-10")
    assert found.whole
    statements = [(pick(one.partner["title"], "zh-Hans"), statement_json(one.statement)) for one in found.settled]
    told = [
        " ".join([partner, one["currency"], one["net"], one["tax"], *(share["amount"] for share in one["shares"])])
        for partner, one in statements
    ]
    assert told == FIGURES[pack, lines]

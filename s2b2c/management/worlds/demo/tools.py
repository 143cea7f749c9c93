"""What the demo's supplier gives its shops to work with."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from enablement.models import Kit
from enablement.services import kits, notices
from reseller.services import kits as taking
from s2b2c.kernel import clock
from s2b2c.management.worlds.demo.afterwards import later, shop
from s2b2c.management.worlds.demo.trade import Trade
from s2b2c.tenancy import context
from supplier.models import Product

# days ago, what is said, and which shops have read it
NOTICES: tuple[tuple[float, dict[str, Any], tuple[str, ...]], ...] = (
    (
        11,
        {
            "title_en": "Parcels ordered after 15 December may not arrive before Christmas",
            "title_zh": "12 月 15 日之后的订单，圣诞节前不保证送达",
            "text_en": "The carriers have told us their last days. **What is ordered by 15 December** reaches every address in the United States before the holidays; after that we can’t promise it.\n\n## What you can do\n\n- Say it in your shop’s notice: a customer who knows in time orders in time.\n- Put gifts that are ready to send first on your front page.\n- Answer questions with a day, not with “soon”.\n\nOrders of made-to-order goods need a week more.",
            "text_zh": "承运商已告知截止日期。**12 月 15 日前的订单** 可在节前送达美国各地；之后我们无法保证。\n\n## 你可以做的\n\n- 在店铺公告里写明：顾客早知道，就会早下单。\n- 把现货礼品放在首页最前面。\n- 回答顾客时说具体日期，不说“很快”。\n\n定制商品还需再提前一周。",
            "must_read": True,
        },
        ("juniper-row", "plain-room"),
    ),
    (
        3,
        {
            "title_en": "The Alder Mug is fired in a new kiln",
            "title_zh": "赤杨马克杯换了新窑",
            "text_en": "From this batch on the glaze is a shade warmer and the foot a little smoother. Item numbers and prices stay as they are.\n\nIf a customer wants to match a mug from before, write to us: we keep **two hundred of the old firing** in Oakland for that.",
            "text_zh": "从这一批起，釉色略暖，杯底更光滑。货号和价格不变。\n\n如有顾客想配以前的杯子，请写信给我们：奥克兰仓留了 **两百只旧窑的** 专门补配。",
        },
        ("shanye",),
    ),
)  # fmt: skip


# days ago, its words, offer and scene, its products, which shop takes it on and how many days ago, and that shop's own words
KITS: tuple[tuple[float, dict[str, Any], tuple[str, ...], tuple[str, float, dict[str, str]] | None], ...] = (
    (
        24,
        {
            "title_en": "Slow mornings", "title_zh": "慢早晨",
            "lead_en": "A pot, two cups, bread in a cloth: what a day needs before it begins.",
            "lead_zh": "一壶、两杯、布里的面包：一天开始之前需要的东西。",
            "story_en": "The first hour belongs to nobody. The kettle takes its time, the bread is still warm in its cloth, and the mug is the one you always reach for.\n\n## Why these things\n\nWe asked eleven households what stands on the table at seven. **Six things** were on nearly every list, and none of them plugs in.\n\n- A kettle that can be heard from the next room.\n- A mug whose foot is bare, so that the table feels it.\n- A cloth that goes from dough to bread to lap.\n\n## How to begin\n\nLay the table the evening before. It is the only trick there is.",
            "story_zh": "清晨的第一个小时不属于任何人。水慢慢烧，面包在布里还温着，手边总是那一只杯子。\n\n## 为什么是这几样\n\n我们问了十一户人家：七点钟的桌上有什么。**六样东西** 几乎出现在每张单子上，没有一样需要插电。\n\n- 隔壁房间也听得见的水壶。\n- 杯底露胎的杯子，桌子感觉得到它。\n- 一块布，盖面团，包面包，最后铺在膝上。\n\n## 怎样开始\n\n前一晚就把桌子摆好。窍门只有这一个。",
            "post_en": "The first hour belongs to nobody. What our breakfast table needs, and 10 % off it until the month is out.",
            "post_zh": "清晨的第一个小时不属于任何人。我们的早餐桌需要这些，本月优惠 10%。",
            "value_bps": 1_000, "share_bps": 5_000, "scene": "scene-table",
        },
        ("HL-MUG", "HL-TPT", "HL-KTL", "HL-TWB", "HL-BRX", "HL-HNY"),
        (
            "juniper-row", 20,
            {"lead_en": "What stands on the table in Warren Street before we open the door.", "lead_zh": "开店门之前，沃伦街的桌上有这些。"},
        ),
    ),
    (
        5,
        {
            "title_en": "Home before dark", "title_zh": "天黑之前回家",
            "lead_en": "Two hours out, two hours back, and a lantern in case.",
            "lead_zh": "去两小时，回两小时，带一盏灯以防万一。",
            "story_en": "Winter days are short and worth it. Everything here fits into one pack, and the pack fits under a desk.\n\n## Pack the evening before\n\n1. Water and something hot.\n2. One layer more than you think.\n3. The lantern on top, where a cold hand finds it.\n\nTurn round at half time, **not** at the summit.",
            "story_zh": "冬天的白昼短，但值得出门。这里的东西一只背包装得下，背包放得进办公桌下。\n\n## 前一晚收拾好\n\n1. 水，和一样热的。\n2. 比你以为的多带一层衣服。\n3. 灯放最上面，冻僵的手也摸得到。\n\n时间过半就折返，**不要** 等到山顶。",
            "post_en": "Two hours out, two hours back. What goes into the pack tonight.",
            "post_zh": "去两小时，回两小时。今晚就把背包收拾好。",
            "scene": "scene-night",
        },
        ("HL-BPK", "HL-FLK", "HL-LTN", "HL-EML", "HL-BTL", "HL-FLD"),
        None,
    ),
)  # fmt: skip


def plan(trade: Trade) -> None:
    """Let shops take on kits in the course of the sixty days."""
    for days, words, _codes, taken in KITS:
        if taken:
            later(trade, taken[1], lambda words=words, taken=taken: _take_on(words["title_en"], taken[0], taken[2]))  # type: ignore[misc]
        assert taken is None or taken[1] < days


def _take_on(title: str, slug: str, own: dict[str, str]) -> None:
    kit = Kit.objects.get(title_en=title)
    with context.entered(shop(slug)):
        taking.adopt(kit_id=kit.pk)
        taking.adapt(kit_id=kit.pk, facts=own)


def _kits(now: datetime, admin_id: int) -> None:
    for days, facts, codes, _taken in KITS:
        with clock.set_to(now - timedelta(days=days)):
            last = (now + timedelta(days=16)).date() if facts.get("value_bps") else None
            made = kits.draft(facts={**facts, "ends_on": last}, actor_id=admin_id)
            for code in codes:
                kits.put(kit_id=made.pk, product_id=_product(code))
            kits.publish(kit_id=made.pk, actor_id=admin_id)


def _product(code: str) -> int:
    return Product.objects.filter(variants__sku__startswith=code).order_by("id").values_list("id", flat=True)[0]


def furnish(now: datetime, admin_id: int) -> None:
    """Announcements, read by some, and kits."""
    _kits(now, admin_id)
    for days, words, readers in NOTICES:
        with clock.set_to(now - timedelta(days=days)):
            told = notices.publish(**words, actor_id=admin_id)
        with clock.set_to(now - timedelta(days=days - 1)):
            for slug in readers:
                notices.read(reseller=shop(slug), announcement_id=told.pk, reader_id=None)

"""What the demo's supplier gives its shops to work with."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from enablement.services import notices
from s2b2c.kernel import clock
from s2b2c.management.worlds.demo.afterwards import shop

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


def furnish(now: datetime, admin_id: int) -> None:
    """Announcements, read by some."""
    for days, words, readers in NOTICES:
        with clock.set_to(now - timedelta(days=days)):
            told = notices.publish(**words, actor_id=admin_id)
        with clock.set_to(now - timedelta(days=days - 1)):
            for slug in readers:
                notices.read(reseller=shop(slug), announcement_id=told.pk, reader_id=None)

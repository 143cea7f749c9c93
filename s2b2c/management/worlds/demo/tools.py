"""What the demo's supplier gives its shops to work with."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from enablement.models import Kit, Lesson, Question
from enablement.services import academy, kits, notices
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
            "text_zh": "承运商已告知截止日期。**12 月 15 日前的订单** 可在节前送达美国各地；之后我们无法保证。\n\n## 您可以做的\n\n- 在店铺公告里写明：顾客早知道，就会早下单。\n- 把现货礼品放在首页最前面。\n- 回答顾客时说具体日期，不说“很快”。\n\n定制商品还需再提前一周。",
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
            "text_zh": "从这一批起，釉色略暖，杯底更光滑。货号和价格不变。\n\n如有顾客想配以前的杯子，请写信给我们：奥克兰仓还留着**两百只旧窑的杯子**，专供补配。",
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
            "post_en": "The first hour belongs to nobody. What our breakfast table needs, and 10 % off it for a few weeks.",
            "post_zh": "清晨的第一个小时不属于任何人。我们的早餐桌需要这些，近期优惠 10%。",
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
            "story_zh": "冬天的白昼短，但值得出门。这里的东西一只背包装得下，背包放得进办公桌下。\n\n## 前一晚收拾好\n\n1. 水，和一样热的。\n2. 比您以为的多带一层衣服。\n3. 灯放最上面，冻僵的手也摸得到。\n\n时间过半就折返，**不要** 等到山顶。",
            "post_en": "Two hours out, two hours back. What goes into the pack tonight.",
            "post_zh": "去两小时，回两小时。今晚就把背包收拾好。",
            "scene": "scene-night", "early_days": 3,
        },
        ("HL-BPK", "HL-FLK", "HL-LTN", "HL-EML", "HL-BTL", "HL-FLD"),
        None,
    ),
)  # fmt: skip


# The course: facts, lessons, questions (the first answer but where a number says otherwise), and who passed it when
COURSE: dict[str, Any] = {
    "title_en": "Your first ten orders", "title_zh": "最初的十个订单",
    "lead_en": "Who your first customers are, what they need to see, and what to do when the parcel is late.",
    "lead_zh": "第一批顾客是谁，他们要看到什么，包裹晚了怎么办。",
    "step": "order", "unlocks": True,
}  # fmt: skip
LESSONS: tuple[dict[str, Any], ...] = (
    {
        "title_en": "Your first customers know you already", "title_zh": "第一批顾客早就认识您", "minutes": 3,
        "text_en": "Nobody finds a new shop by searching. The first ten orders come from people who know you: regulars, neighbours, the group chat of the football club.\n\n## Do this today\n\n1. Print the code under **Share** and put it where people wait: the counter, the door, the café next to you.\n2. Send the link to twenty people, one by one, with **one sentence about one thing**. “The blue mug from our table is in the shop now” works; “Check out my store” does not.\n3. Ask each of them to tell you what was unclear.\n\n## Why one by one\n\nA message to one person is answered. A message to everybody is read by nobody in particular.",
        "text_zh": "没有人靠搜索找到一家新店。最初的十个订单来自认识您的人：熟客、邻居、球队的群聊。\n\n## 今天就做\n\n1. 打印 **分享** 里的二维码，贴在大家等候的地方：柜台、门口、隔壁咖啡馆。\n2. 把链接逐个发给二十个人，每人 **一句话、一样东西**。“我们桌上那只蓝杯子上架了”有用，“来看看我的店”没用。\n3. 请每个人告诉您哪里没看明白。\n\n## 为什么要逐个发\n\n发给一个人的消息会得到回复，群发的消息谁也不觉得是发给自己的。",
    },
    {
        "title_en": "What a stranger needs to see", "title_zh": "陌生人要看到什么", "minutes": 3,
        "text_en": "Somebody who does not know you decides within a minute whether you are real.\n\n- **Who you are:** two lines of story and a way to reach you.\n- **What it costs in the end:** delivery before the bag, not after.\n- **What happens if it does not fit:** your return policy in your own words.\n\nEach of these is a step of your checklist on Home, because each is missing most often in shops that sell nothing.\n\n## Prices\n\nStay inside the band and do not begin with a discount. Who comes for a discount leaves with it.",
        "text_zh": "不认识您的人，一分钟内就判断出您是不是真的。\n\n- **您是谁：** 两行故事，一种联系方式。\n- **最后要付多少：** 运费写在放进购物袋之前，不是之后。\n- **不合适怎么办：** 用自己的话写退货规则。\n\n这些都在首页的清单里，因为卖不出东西的店最常缺的就是它们。\n\n## 价格\n\n留在价格带之内，不要一开始就打折。为折扣来的人，也会随折扣离开。",
    },
    {
        "title_en": "When the parcel is late", "title_zh": "包裹晚了怎么办", "minutes": 2,
        "text_en": "It will happen. What the customer remembers is not the delay but whether you spoke first.\n\n1. Open the order: it says where the parcel is and why.\n2. Write **before** the customer does. Name a day; “soon” is no day.\n3. If pieces are missing, offer the choice: wait, or money back for those. Both are one button in the order.\n\nThe supplier answers for the goods. You answer for the tone.",
        "text_zh": "总会遇到。顾客记住的不是延误，而是您有没有先开口。\n\n1. 打开订单：上面写着包裹在哪里、为什么。\n2. 在顾客来问 **之前** 先写信，说一个具体日期；“很快”不是日期。\n3. 如果缺件，让顾客选择：等，或退这几件的钱。两者在订单里都是一个按钮。\n\n供货商对商品负责，您对语气负责。",
    },
)  # fmt: skip
QUESTIONS: tuple[tuple[dict[str, str], tuple[tuple[str, str], ...], int], ...] = (
    (
        {"text_en": "Where do the first ten orders come from?", "text_zh": "最初的十个订单从哪里来？", "why_en": "Search engines need weeks to know a shop; the people around you know it today.", "why_zh": "搜索引擎要几周才认识一家店，身边的人今天就认识。"},
        (("From search engines", "来自搜索引擎"), ("From people who know you", "来自认识您的人"), ("From a large discount", "来自大折扣")), 1,
    ),
    (
        {"text_en": "When should the cost of delivery be seen?", "text_zh": "运费应该什么时候让人看到？", "why_en": "A cost that appears at the end is the most common reason to leave.", "why_zh": "最后才出现的费用，是离开的最常见原因。"},
        (("Before anything is in the bag", "放进购物袋之前"), ("On the last page", "在最后一页"), ("In the e-mail", "在邮件里")), 0,
    ),
    (
        {"text_en": "A parcel is two days late. What comes first?", "text_zh": "包裹晚了两天，先做什么？", "why_en": "Who speaks first is trusted; who answers late is suspected.", "why_zh": "先开口的人让人信任，晚回复的人让人怀疑。"},
        (("Wait until the customer asks", "等顾客来问"), ("Refund everything", "全额退款"), ("Write to the customer and name a day", "给顾客写信，说出日期")), 2,
    ),
)  # fmt: skip


def _course(now: datetime, admin_id: int) -> None:
    with clock.set_to(now - timedelta(days=50)):
        made = academy.put_course(facts=COURSE, actor_id=admin_id)
        for each in LESSONS:
            academy.put_lesson(course_id=made.pk, facts=each)
        for facts, answers, right in QUESTIONS:
            given = [{"en": en, "zh": zh} for en, zh in answers]
            academy.put_question(course_id=made.pk, facts=facts, answers=given, right=right)
        academy.publish(course_id=made.pk, actor_id=admin_id)
    _learn(now, "juniper-row", 45, 3)
    _learn(now, "larder", 12, 1)


def _learn(now: datetime, slug: str, days: float, read: int) -> None:
    """Let a shop read some lessons, and pass where it read them all."""
    lessons = list(Lesson.objects.order_by("position"))
    with clock.set_to(now - timedelta(days=days)):
        for each in lessons[:read]:
            academy.finish(reseller=shop(slug), lesson_id=each.pk)
        if read == len(lessons):
            right = dict(Question.objects.values_list("id", "right"))
            academy.answer(reseller=shop(slug), course_id=lessons[0].course_id, given=right, learner_id=None)


def plan(trade: Trade) -> None:
    """Let shops take on kits in the course of the eleven weeks."""
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
    """Announcements, read by some, a course, and kits."""
    _course(now, admin_id)
    _kits(now, admin_id)
    for days, words, readers in NOTICES:
        with clock.set_to(now - timedelta(days=days)):
            told = notices.publish(**words, actor_id=admin_id)
        with clock.set_to(now - timedelta(days=days - 1)):
            for slug in readers:
                notices.read(reseller=shop(slug), announcement_id=told.pk, reader_id=None)

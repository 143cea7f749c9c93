"""The demo's people and its seven shops, opened as anybody would open one."""

from __future__ import annotations

from dataclasses import dataclass

from reseller.models import Listing
from reseller.selectors.prices import Rule
from reseller.services import listing as listings
from reseller.services import shop as shops
from s2b2c.accounts.models import User
from s2b2c.accounts.services import staff as staffing
from s2b2c.kernel import clock
from s2b2c.tenancy import context
from s2b2c.tenancy.models import Reseller
from supplier.models import Category, Product

PASSWORD = "harbour-loom-demo"


@dataclass(frozen=True, slots=True)
class DemoShop:
    """``orders_a_day`` is the mean; ``ramp`` how much it grows over the eleven weeks."""

    slug: str
    name: str
    owner: str
    owner_name: str
    language: str
    look: str
    categories: tuple[str, ...]
    rule: Rule
    delivery: tuple[int, int | None]
    tax_bps: int
    tax_included: bool
    cod: bool
    orders_a_day: float
    ramp: float
    texts: dict[str, str]
    featured: tuple[str, ...]


SHOPS = (
    DemoShop(
        slug="juniper-row", name="Juniper Row", owner="nora@juniper-row.example", owner_name="Nora Whitfield",
        language="en", look="hearth", categories=("kitchen", "textiles", "furniture", "light"),
        rule=Rule("suggested", 0, None), delivery=(590, 12_000), tax_bps=813, tax_included=False, cod=False,
        orders_a_day=1.2, ramp=0.8,
        texts={
            "tagline_en": "Quiet things for rooms that are lived in", "tagline_zh": "为有人住的房间，选安静的东西",
            "story_en": "A shop on a corner in Hudson, then a table at the market, now this page. Everything here was used at home for a month before it went up.",
            "story_zh": "先是哈德逊街角的一间小店，后来是市集上的一张桌子，现在是这个页面。每件东西都先在家里用过一个月，才放上来。",
            "notice_en": "Free delivery over $120", "notice_zh": "满 $120 免运费",
            "address": "412 Warren Street, Hudson, NY 12534",
        },
        featured=("HL-MUG", "HL-TPT", "HL-BLK", "HL-LMP", "HL-BWL", "HL-TWL", "HL-SRV", "HL-CSH"),
    ),
    DemoShop(
        slug="shanye", name="山野", owner="lin@shanye.example", owner_name="林远",
        language="zh-hans", look="trail", categories=("outdoors", "light"),
        rule=Rule("suggested", 500, 90), delivery=(790, 15_000), tax_bps=0, tax_included=True, cod=True,
        orders_a_day=0.9, ramp=1.4,
        texts={
            "tagline_en": "Light packs, long walks", "tagline_zh": "轻装，走远路",
            "story_en": "Gear we carried ourselves, up there and back. What didn’t make it down is not in the shop.",
            "story_zh": "每一件都自己背上去，再背下来。没能走下来的，不在店里。",
            "notice_en": "Everything tried on the trail", "notice_zh": "件件走过山路",
        },
        featured=("HL-TNT", "HL-BPK", "HL-FLK", "HL-LTC", "HL-LTN", "HL-EMP", "HL-DRY", "HL-CMP"),
    ),
    DemoShop(
        slug="larder", name="Larder & Loaf", owner="tom@larder.example", owner_name="Tom Ashby",
        language="en", look="pantry", categories=("pantry", "cook", "kitchen"),
        rule=Rule("cost", 12_000, 90), delivery=(490, 6_000), tax_bps=625, tax_included=False, cod=True,
        orders_a_day=0.7, ramp=0.2,
        texts={
            "tagline_en": "For people who cook most evenings", "tagline_zh": "给天天下厨的人",
            "story_en": "We bake downstairs and sell what we bake with upstairs.",
            "story_zh": "楼下烤面包，楼上卖烤面包用的东西。",
            "notice_en": "", "notice_zh": "",
        },
        featured=("HL-SKL", "HL-BRD", "HL-CAN", "HL-KTL", "HL-JAR", "HL-APR", "HL-BRX", "HL-SLT"),
    ),
    DemoShop(
        slug="plain-room", name="Plain Room", owner="ida@plain-room.example", owner_name="Ida Strand",
        language="en", look="gallery", categories=("furniture", "home", "light"),
        rule=Rule("suggested", 1_000, 0), delivery=(1_500, None), tax_bps=0, tax_included=False, cod=False,
        orders_a_day=0.5, ramp=0.4,
        texts={
            "tagline_en": "Few things, well made", "tagline_zh": "少而精",
            "story_en": "An interior studio’s own list: what we put into other people’s rooms, for yours.",
            "story_zh": "一家室内工作室的清单：放进别人房间里的，也可以放进您的。",
            "notice_en": "", "notice_zh": "",
        },
        featured=("HL-CHR", "HL-STL", "HL-PND", "HL-MIR", "HL-SDE", "HL-VAS", "HL-FLR", "HL-BSK"),
    ),
    DemoShop(
        slug="kettle-and-quay", name="Kettle & Quay", owner="ruth@kettle-and-quay.example", owner_name="Ruth Adeyemi",
        language="en", look="kiln", categories=("kitchen", "cook", "pantry"),
        rule=Rule("suggested", 0, 90), delivery=(650, 9_000), tax_bps=700, tax_included=False, cod=False,
        orders_a_day=0.3, ramp=0.3,
        texts={
            "tagline_en": "What a small kitchen needs, by the water", "tagline_zh": "水边小厨房要用的东西",
            "story_en": "Two rooms on the harbour: one to drink tea in, one to buy the pot.",
            "story_zh": "码头边两间屋子：一间喝茶，一间卖茶壶。",
            "notice_en": "", "notice_zh": "",
        },
        featured=("HL-TPT", "HL-KTL", "HL-MUG", "HL-TEA", "HL-BTL", "HL-CRF"),
    ),
    DemoShop(
        slug="north-hearth", name="North Hearth", owner="elin@north-hearth.example", owner_name="Elin Sorensen",
        language="en", look="dusk", categories=("textiles", "light", "home"),
        rule=Rule("suggested", 500, 0), delivery=(700, 15_000), tax_bps=0, tax_included=False, cod=False,
        orders_a_day=0.3, ramp=0.6,
        texts={
            "tagline_en": "For long evenings", "tagline_zh": "给长夜的东西",
            "story_en": "It is dark here from November on. We sell what makes that a pleasure.",
            "story_zh": "这里十一月起天就黑得早。我们卖让长夜变得舒服的东西。",
            "notice_en": "Wrapped on request", "notice_zh": "可代为包装",
        },
        featured=("HL-LTN", "HL-CDL", "HL-BLK", "HL-FLD", "HL-RLN", "HL-TPR"),
    ),
    DemoShop(
        slug="xiaoman", name="小满", owner="chen@xiaoman.example", owner_name="陈小满",
        language="zh-hans", look="hearth", categories=("home", "kitchen", "textiles"),
        rule=Rule("suggested", 0, None), delivery=(690, 12_000), tax_bps=0, tax_included=True, cod=True,
        orders_a_day=0.3, ramp=0.5,
        texts={
            "tagline_en": "Enough, and good", "tagline_zh": "小得盈满，刚刚好",
            "story_en": "A corner of a tea house that grew into a shop of its own.",
            "story_zh": "从茶馆的一个角落，慢慢长成了一家小店。",
            "notice_en": "", "notice_zh": "",
        },
        featured=("HL-BUD", "HL-VAS", "HL-BWL", "HL-NAP", "HL-TRY", "HL-MUG"),
    ),
)  # fmt: skip

_POLICIES = {
    "delivery": {
        "en": "We deliver within the United States for {price}.{over}\n\nWhat is ordered today leaves the warehouse on the next working day. An order can come in several parcels; each has its own tracking number, and you pay delivery once.",
        "zh": "目前配送至美国境内，运费 {price}。{over_zh}\n\n当天的订单于下一个工作日从仓库发出。一个订单可能分成多个包裹，每个包裹都有单独的运单号，运费只收一次。",
    },
    "returns": {
        "en": "You have 30 days from the day the parcel arrives. Write to {email} with your order number; we send you a label. The money goes back the way it came once the goods are here.\n\nIf something arrives broken, a picture is enough: keep it, we send a new one.",
        "zh": "自签收之日起 30 天内可以退货。请把订单号发到 {email}，我们会寄出退货面单；收到商品后，款项原路退回。\n\n如果收到时已损坏，拍张照片即可：无需寄回，我们重新发一件。",
    },
    "privacy": {
        "en": "We keep what an order needs: your name, address, e-mail and what you bought. It goes to the supplier and the carrier, so that the parcel reaches you, and to nobody else. We never see your card number.\n\nUnder “Your account” you can take your data with you, or have them erased.",
        "zh": "我们只保存订单所需的信息：姓名、地址、邮箱和购买的商品。为了把包裹送到您手中，这些信息会提供给供货商和承运商，不会给其他任何人。我们不会看到您的卡号。\n\n您可以在“您的账号”里下载或清除自己的数据。",
    },
    "imprint": {
        "en": "{name} is a made-up shop of a demonstration, run by {person}, who is made up, too.\n\nE-mail: {email}",
        "zh": "{name} 是演示用的虚构店铺，店主{person}也是虚构的人物。\n\n邮箱：{email}",
    },
}  # fmt: skip

STAFF = (
    ("admin@harbour-loom.example", "Ines Okafor", "admin"),
    ("warehouse@harbour-loom.example", "Luis Ferrand", "warehouse"),
    ("finance@harbour-loom.example", "Hannah Voss", "finance"),
    ("help@harbour-loom.example", "Amara Diallo", "support"),
    ("quality@harbour-loom.example", "Pieter Vos", "quality"),
)


def staff() -> None:
    """People who work for S."""
    for email, name, role in STAFF:
        staffing.appoint(user=person(email, name), role=role)


def person(email: str, name: str, language: str = "en") -> User:
    """A user with the demo's password."""
    return staffing.enrol(email=email, password=PASSWORD, name=name, language=language)


def open_shop(demo: DemoShop) -> Reseller:
    """Open one of the shops and furnish it."""
    ids = list(Category.objects.filter(slug__in=demo.categories).values_list("id", flat=True))
    made = shops.open_shop(
        user=person(demo.owner, demo.owner_name, demo.language),
        name=demo.name,
        slug=demo.slug,
        currency="USD",
        country="US",
        language=demo.language,
        look=demo.look,
        category_ids=ids,
        rule=demo.rule,
    )
    Reseller.objects.filter(pk=made.pk).update(created_at=clock.now())
    with context.entered(made):
        _furnish(demo)
    return made


def policies(demo: DemoShop) -> dict[str, dict[str, str]]:
    """The small print, the same in all shops but for names and amounts."""
    price, free = demo.delivery
    words = {
        "name": demo.name, "email": demo.owner, "person": demo.owner_name, "price": f"${price / 100:.2f}",
        "over": f" Free over ${free // 100}." if free else "", "over_zh": f"满 ${free // 100} 免运费。" if free else "",
    }  # fmt: skip
    return {
        code: {language: text.format(**words) for language, text in told.items()} for code, told in _POLICIES.items()
    }


def _furnish(demo: DemoShop) -> None:
    shops.write_profile(texts={"name": demo.name, "email": demo.owner, **demo.texts})
    shops.set_delivery(price_minor=demo.delivery[0], free_over_minor=demo.delivery[1], countries=["US"])
    shops.set_tax(tax_bps=demo.tax_bps, tax_included=demo.tax_included)
    shops.set_payment(card=True, cod=demo.cod)
    shops.write_policies(policies=policies(demo))
    with context.reading():
        by_code = dict(Product.objects.filter(code__in=demo.featured).values_list("code", "id"))
        found = dict(Listing.objects.filter(product_id__in=by_code.values()).values_list("product_id", "id"))
    for code in reversed(demo.featured):
        listing_id = found.get(by_code.get(code, 0))
        if listing_id:
            listings.feature(listing_id=listing_id, featured=True)
            listings.move(listing_id=listing_id, to="first")


def picker_id() -> int:
    """The warehouse's user, whose name stands on picks and parcels."""
    return User.objects.only("id").get(email="warehouse@harbour-loom.example").id


def admin_id() -> int:
    """The administrator of S."""
    return User.objects.only("id").get(email="admin@harbour-loom.example").id

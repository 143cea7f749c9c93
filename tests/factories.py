"""Small things tests are made of. Each makes a valid default; name only what the test is about.

Supplier and staff rows are public. Functions that take a ``reseller`` enter its shop themselves and
need no transaction around them; the others belong inside one (``django_db``) like any query.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from s2b2c.kernel import clock, ids
from s2b2c.tenancy import context
from s2b2c.tenancy import services as tenancy_services
from s2b2c.tenancy.models import Reseller

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from orders.models import Order
    from reseller.models import Customer, Listing, Shop
    from s2b2c.accounts.models import Membership, User
    from supplier.models import Category, Company, Product, Terms, Variant, Warehouse

_number = count(1)
PASSWORD = "correct horse battery"


# --- The supplier ----------------------------------------------------------------------------------
def company(name: str = "Harbour & Loom", currency: str = "USD") -> Company:
    """The supplier of the installation."""
    from supplier.models import Company

    found, _ = Company.objects.update_or_create(id=1, defaults={"name": name, "currency": currency})
    return found


def terms(fee_bps: int = 300, *, reseller: Reseller | None = None, version: int = 0) -> Terms:
    """Terms in force since yesterday, for one reseller or everybody; each call is the next version."""
    from supplier.models import Terms

    version = version or Terms.objects.filter(reseller=reseller).count() + 1
    yesterday = clock.now() - timedelta(days=1)
    return Terms.objects.create(reseller=reseller, version=version, fee_bps=fee_bps, valid_from=yesterday)


def category(slug: str = "", *, parent: Category | None = None, **fields: Any) -> Category:
    """A category, at the root unless ``parent`` is given; the same slug again gives the one there is."""
    from supplier.models import Category

    slug = slug or f"category-{next(_number)}"
    found = Category.objects.filter(slug=slug).first()
    if found is not None:
        return found
    fields = {"name_en": slug.replace("-", " ").capitalize(), "name_zh": f"分类 {slug}", **fields}
    if parent is None:
        return Category.add_root(slug=slug, **fields)
    parent.refresh_from_db()
    return parent.add_child(slug=slug, **fields)


def warehouse(code: str = "PVD", *, priority: int = 10, **fields: Any) -> Warehouse:
    """A warehouse; the same code again gives the one there is."""
    from supplier.models import Warehouse

    defaults = {
        "name_en": f"Warehouse {code}",
        "name_zh": f"{code} 仓",
        "priority": priority,
        "country": "US",
        **fields,
    }
    found, _ = Warehouse.objects.get_or_create(code=code, defaults=defaults)
    return found


def product(
    name: str = "",
    *,
    category: Category | None = None,
    variants: int = 1,
    stock: int = 10,
    wholesale: int = 1_000,
    suggested: int = 2_000,
    floor: int = 1_500,
    ceiling: int = 3_000,
    currency: str = "USD",
    weight_g: int = 500,
    **fields: Any,
) -> Product:
    """An active product with variants in stock; ``name`` is the English one."""
    from supplier.models import Product

    number = next(_number)
    name = name or f"Product {number}"
    made = Product.objects.create(
        **{
            "code": f"P{number:05}",
            "slug": f"product-{number}",
            "category": category or globals()["category"]("kitchen"),
            "name_en": name,
            "name_zh": f"商品 {number}",
            "summary_en": f"{name} in short.",
            "text_en": f"About {name}.",
            "text_zh": f"关于商品 {number}。",
            "plate": "mug",
            "status": Product.Status.ACTIVE,
            "search_text": f"{name} 商品 {number} P{number:05}".lower(),
            **fields,
        }
    )
    for position in range(variants):
        variant(
            made,
            stock=stock,
            wholesale=wholesale,
            suggested=suggested,
            floor=floor,
            ceiling=ceiling,
            currency=currency,
            weight_g=weight_g,
            position=position,
        )
    return made


def variant(
    product: Product,
    *,
    stock: int = 10,
    wholesale: int = 1_000,
    suggested: int = 2_000,
    floor: int = 1_500,
    ceiling: int = 3_000,
    **fields: Any,
) -> Variant:
    """One more variant of a product, with ``stock`` pieces in the default warehouse."""
    from supplier.models import Variant

    number = next(_number)
    made = Variant.objects.create(
        product=product,
        wholesale_minor=wholesale,
        suggested_minor=suggested,
        floor_minor=floor,
        ceiling_minor=ceiling,
        **{
            "sku": f"SKU-{number}",
            "currency": "USD",
            "label_en": f"No. {number}",
            "label_zh": f"{number} 号",
            "weight_g": 500,
            **fields,
        },
    )
    if stock:
        receive(made, stock)
    return made


def receive(variant: Variant, quantity: int, *, at: Warehouse | None = None) -> None:
    """Put pieces into stock, with their movement."""
    from supplier.services import stock

    stock.receive(variant_id=variant.id, warehouse_id=(at or warehouse()).id, quantity=quantity)


def first_variant(product: Product) -> Variant:
    """The first variant of a product, read anew."""
    return product.variants.order_by("position", "id")[0]


# --- People ----------------------------------------------------------------------------------------
@cache
def _hashed(password: str) -> str:
    return make_password(password)  # slow by intention: once per password is enough


def user(email: str = "", *, password: str = PASSWORD, **fields: Any) -> User:
    """A person who can sign in."""
    from s2b2c.accounts.models import User

    number = next(_number)
    fields = {"name": f"User {number}", **fields}
    return User.objects.create(email=email or f"user{number}@example.com", password=_hashed(password), **fields)


def member(reseller: Reseller | None, role: str = "owner", *, user: User | None = None) -> User:
    """A person with a role in a shop, or at S when ``reseller`` is None."""
    from s2b2c.accounts.models import Membership

    person = user or globals()["user"]()
    membership: Membership = Membership.objects.create(user=person, reseller=reseller, role=role)
    return membership.user


def staff(role: str = "admin") -> User:
    """A person who works for S."""
    return member(None, role)


# --- A shop ----------------------------------------------------------------------------------------
def reseller(slug: str = "", *, name: str = "", currency: str = "USD", country: str = "US", **shop: Any) -> Reseller:
    """An open shop with its row; ``shop`` are fields of ``Shop``."""
    slug = slug or f"shop-number-{next(_number)}"
    with transaction.atomic():
        made = tenancy_services.create_reseller(
            slug=slug, name=name or slug.replace("-", " ").title(), currency=currency, country=country
        )
        with context.entered(made):
            _shop_row(made, shop)
    return made


def _shop_row(reseller: Reseller, fields: dict[str, Any]) -> Shop:
    from reseller.models import Shop

    defaults: dict[str, Any] = {
        "name": reseller.name,
        "currency": reseller.currency,
        "email": "hello@example.com",
        "shipping": {"price_minor": 0, "free_over_minor": None},
        "pricing": {"base": "suggested", "markup_bps": 0, "ending": None},
        "countries": [reseller.country],
        "cod_enabled": True,
    }
    return Shop.objects.create(id=1, **{**defaults, **fields})


@contextmanager
def inside(reseller: Reseller) -> Iterator[Reseller]:
    """Be in a shop and in a transaction."""
    with context.entered(reseller), transaction.atomic():
        yield reseller


def listing(
    reseller: Reseller,
    product: Product | None = None,
    *,
    price: int | None = None,
    by_rule: bool = True,
    **fields: Any,
) -> Listing:
    """A published listing with an offer for each variant, at ``price`` or the suggested one."""
    from reseller.models import Listing, Offer

    with inside(reseller):
        product = product or globals()["product"]()
        made = Listing.objects.create(product=product, **{"listed_at": clock.now(), **fields})
        Offer.objects.bulk_create(
            Offer(listing=made, variant=each, price_minor=price or each.suggested_minor, by_rule=by_rule)
            for each in product.variants.order_by("position", "id")
        )
    return made


def customer(reseller: Reseller, email: str = "", **fields: Any) -> Customer:
    """A customer of a shop."""
    from reseller.models import Customer

    with inside(reseller):
        return Customer.objects.create(
            email=email or f"customer{next(_number)}@example.com", **{"name": "Marta Keller", **fields}
        )


def address(**fields: str) -> dict[str, str]:
    """An address as the checkout writes it."""
    return {
        "street": "41 Maple Street",
        "postcode": "05401",
        "city": "Burlington",
        "region": "VT",
        "country": "US",
        "phone": "",
        **fields,
    }


def order(
    reseller: Reseller,
    lines: Sequence[tuple[Variant, int, int]] = (),
    *,
    fee_bps: int = 300,
    tax_minor: int = 0,
    shipping_minor: int = 0,
    placed_at: datetime | None = None,
    **fields: Any,
) -> Order:
    """An order as rows only, by hand: no stock is held, S knows nothing of it.

    ``lines``: ``(variant, quantity, unit price)``; tax goes onto the first line, on top of its price.
    Where a test is about buying, use the checkout instead.
    """
    from orders.models import Order, OrderEvent, OrderLine
    from s2b2c.kernel.money import bps

    with inside(reseller):
        lines = lines or [(first_variant(product()), 1, 2_000)]
        items = sum(quantity * unit for _, quantity, unit in lines)
        now = placed_at or clock.now()
        made = Order.objects.create(
            **{
                "number": ids.order_number(),
                "token": ids.token(),
                "status": Order.Status.PLACED,
                "method": Order.Method.CARD,
                "paid": Order.Paid.PAID,
                "email": "marta@example.com",
                "name": "Marta Keller",
                "address": address(),
                "language": "en",
                "currency": reseller.currency,
                "items_minor": items,
                "tax_minor": tax_minor,
                "shipping_minor": shipping_minor,
                "total_minor": items + tax_minor + shipping_minor,
                "terms": {"fee_bps": fee_bps},
                "placed_at": now,
                "paid_at": now,
                **fields,
            }
        )
        for index, (each, quantity, unit) in enumerate(lines):
            retail, wholesale = quantity * unit, quantity * each.wholesale_minor
            fee, tax = quantity * bps(unit, fee_bps), tax_minor if index == 0 else 0
            OrderLine.objects.create(
                order=made,
                product=each.product,
                variant=each,
                sku=each.sku,
                title=each.product.name_en,
                label=each.label_en,
                quantity=quantity,
                unit_minor=unit,
                retail_minor=retail,
                wholesale_minor=wholesale,
                margin_minor=retail - wholesale - fee,
                fee_minor=fee,
                tax_minor=tax,
                paid_minor=retail + tax,
            )
        OrderEvent.objects.create(order=made, kind="placed", at=now)
    return made


def buy(reseller: Reseller, variant: Variant, quantity: int = 1, *, drained: bool = True, **contact: str) -> Order:
    """Buy through the checkout, to be paid on delivery; ``drained``: S has heard of it."""
    from orders.models import Order
    from orders.services import cart, checkout

    who = {"name": "Marta Keller", "email": "marta@example.com", **address(), **contact}
    with inside(reseller):
        made = cart.add_line(token=None, variant_id=variant.id, quantity=quantity)
        order = checkout.place_order(
            cart_token=made.token, contact=checkout.Contact(**who), method=Order.Method.COD, language="en"
        )
    if drained:
        drain()
    with inside(reseller):
        order.refresh_from_db()
    return order


def drain() -> None:
    """Let everybody hear what was published so far.

    Inside a test's transaction the database's clock stands still, so what is due is made due.
    """
    from s2b2c import wiring
    from s2b2c.outbox import dispatcher
    from s2b2c.outbox.models import OutboxEvent

    handled = 1
    while handled:
        OutboxEvent.objects.filter(state="pending").update(next_at=clock.now() - timedelta(days=1))
        handled = dispatcher.drain(wiring.HANDLERS)

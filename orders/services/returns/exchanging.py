"""A replacement: an order of its own that costs nothing, so that it is held, picked and sent as any other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from orders.models import Order, OrderEvent, OrderLine, ReturnRequest
from orders.selectors import parts
from orders.services import placing
from orders.services.returns import states
from s2b2c.kernel import clock, ids, texts
from supplier.models import Variant
from supplier.selectors import bundles
from supplier.services import stock

Pieces = Mapping[tuple[int, int], int]
# What the first order alone used: booked, or counted, once.
_ONCE = ("promotions", "services", "shipping_funded_minor", "shipping_funder", "shipping_funded_back")


def replace(back: ReturnRequest, accepted: Pieces) -> Order:
    """Place the replacement of accepted pieces by line and variant; its stock is held last. Call inside a savepoint.

    Of a bundle a part may be replaced alone: the replacement has a line of that variant.

    What c paid stays with the first order, so the replacement is worth nothing in the books.

    :raises OutOfStock: it can't be had any more; let the savepoint fail.
    """
    order = _order(back.order)
    step = placing.mark(order, paid=Order.Paid.PAID)
    order.save(force_insert=True)
    lines = _lines(back, order, accepted)
    OrderEvent.objects.create(
        order=order, kind="replaces", at=order.placed_at, data={"order": back.order.number, "return": back.number}
    )
    step.order = order
    placing.STEPS.add([step])
    placing.hand_over(order, lines, reseller_id=states.shop_id())
    wanted: dict[int, int] = defaultdict(int)
    for line in lines:
        wanted[line.variant_id] += line.quantity
    stock.hold(reseller_id=states.shop_id(), order_number=order.number, wanted=wanted)
    return order


def _order(first: Order) -> Order:
    terms = {name: value for name, value in first.terms.items() if name not in _ONCE}
    return Order(
        number=ids.order_number(), token=ids.token(), method=Order.Method.CARD, customer_id=first.customer_id,
        email=first.email, name=first.name, address=first.address, language=first.language, currency=first.currency,
        items_minor=0, tax_minor=0, tax_included=first.tax_included, shipping_minor=0, shipping_tax_minor=0,
        total_minor=0, terms={**terms, "replaces": first.number}, placed_at=clock.now(),
    )  # fmt: skip


def _lines(back: ReturnRequest, order: Order, accepted: Pieces) -> list[OrderLine]:
    sold = {line.id: line for line in OrderLine.objects.filter(id__in={line_id for line_id, _variant in accepted})}
    swaps = {(row["line"], row["variant"]): row["swap"] for row in back.lines}
    variants = Variant.objects.select_related("product").in_bulk(set(swaps.values()))
    insides = bundles.parts({swaps[name] for name in accepted})
    worth = parts.frozen(insides.values())
    made = []
    for name, quantity in sorted(accepted.items()):
        line, variant = sold[name[0]], variants[swaps[name]]
        title, label = _named(line, variant, order.language, part=name[1] != line.variant_id)
        made.append(
            OrderLine.objects.create(
                order=order,
                product_id=variant.product_id,
                variant=variant,
                sku=variant.sku,
                title=title,
                label=label,
                quantity=quantity,
                unit_minor=0,
                retail_minor=0,
                wholesale_minor=0,
                margin_minor=0,
                fee_minor=0,
                tax_minor=0,
                paid_minor=0,
                parts=parts.noted(insides.get(variant.id), worth),
            )
        )
    return made


def _named(line: OrderLine, variant: Variant, language: str, *, part: bool) -> tuple[str, str]:
    """Give how a replacement is called: as what was sold, in another variant, or as the part of a bundle it is."""
    if part:
        return texts.local(variant.product, "name", language)[:160], texts.local(variant, "label", language)[:120]
    return line.title, line.label if variant.id == line.variant_id else variant.label_en

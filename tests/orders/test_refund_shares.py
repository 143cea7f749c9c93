"""However a line is given back, piece by piece, its parts go back to the cent."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from orders.models import OrderLine
from orders.services.shares import PARTS, share_of


@st.composite
def lines(draw: st.DrawFn) -> OrderLine:
    """A line as sold: tax, discount and margin (negative too) as they come, wholesale and fee the same for each piece."""
    quantity = draw(st.integers(1, 40))
    price, wholesale, fee = (draw(st.integers(0, most)) for most in (5_000, 5_000, 300))
    return OrderLine(
        id=1,
        quantity=quantity,
        wholesale_minor=wholesale * quantity,
        fee_minor=fee * quantity,
        margin_minor=(price - wholesale - fee) * quantity + draw(st.integers(-quantity, 0)),
        tax_minor=draw(st.integers(0, price * quantity)) + quantity,
        funded_minor=draw(st.none() | st.integers(0, price * quantity)),
    )


@given(line=lines(), data=st.data())
def test_refunds_of_a_line_sum_to_the_line_and_no_part_changes_its_sign(line: OrderLine, data: st.DataObject):
    back = dict.fromkeys(PARTS, 0)
    while line.refunded < line.quantity:
        quantity = data.draw(st.integers(1, line.quantity - line.refunded))
        share = share_of(line, quantity, back)
        assert share.wholesale == line.wholesale_minor * quantity // line.quantity
        assert share.amount >= 0
        for part in PARTS:
            whole, gone = getattr(line, f"{part}_minor") or 0, getattr(share, part)
            assert gone * whole >= 0
            assert abs(back[part] + gone) <= abs(whole)
            back[part] += gone
        line.refunded += quantity
    assert back == {part: getattr(line, f"{part}_minor") or 0 for part in PARTS}

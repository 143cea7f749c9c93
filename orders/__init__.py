"""The shop's side of an order: cart, checkout, order, payment, refund. One schema per shop."""

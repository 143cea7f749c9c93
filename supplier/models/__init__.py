"""Tables of S, by use."""

from supplier.models.catalogue import Category, Media, Product, Variant
from supplier.models.company import Company, Terms
from supplier.models.fulfilment import (
    FulfilmentLine,
    FulfilmentOrder,
    OrderNote,
    SalesLine,
    SalesOrder,
    Shipment,
    ShipmentLine,
)
from supplier.models.imports import ImportJob, ImportRow
from supplier.models.ledger import Account, Journal, Transfer
from supplier.models.stock import Movement, Reservation, ReservationLine, Stock, Warehouse

__all__ = [
    "Account",
    "Category",
    "Company",
    "FulfilmentLine",
    "FulfilmentOrder",
    "ImportJob",
    "ImportRow",
    "Journal",
    "Media",
    "Movement",
    "OrderNote",
    "Product",
    "Reservation",
    "ReservationLine",
    "SalesLine",
    "SalesOrder",
    "Shipment",
    "ShipmentLine",
    "Stock",
    "Terms",
    "Transfer",
    "Variant",
    "Warehouse",
]

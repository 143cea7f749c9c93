"""Tables of S, by use."""

from supplier.models.bundle import Bundle, BundlePart
from supplier.models.campaign import Campaign
from supplier.models.catalogue import Category, Media, Product, Variant
from supplier.models.company import Company, Terms
from supplier.models.dispute import Dispute, PayoutHold, UnusedPayment
from supplier.models.erased import ErasedFile
from supplier.models.fulfilment import (
    FulfilmentLine,
    FulfilmentOrder,
    OrderNote,
    SalesLine,
    SalesOrder,
    SalesRefund,
    Shipment,
    ShipmentLine,
)
from supplier.models.imports import ImportJob, ImportRow
from supplier.models.ledger import Account, AccountSum, DailySeal, Journal, Transfer
from supplier.models.lots import Lot, LotMovement, LotPick, LotStock
from supplier.models.paying import Invoice, Numbering, PaperParty, PayoutAccount, ProviderEntry
from supplier.models.returns import BankRefund, ReturnLine, ReturnOrder
from supplier.models.settlement import BankFile, Clawback, Payout, Settlement, SettlementRun, StatementLine
from supplier.models.stock import Movement, Reservation, ReservationLine, Stock, Warehouse
from supplier.models.transit import Arrival, StockCount, StockCountLine, StockTransfer, StockTransferLine

__all__ = [
    "Account",
    "AccountSum",
    "Arrival",
    "BankFile",
    "BankRefund",
    "Bundle",
    "BundlePart",
    "Campaign",
    "Category",
    "Clawback",
    "Company",
    "DailySeal",
    "Dispute",
    "ErasedFile",
    "FulfilmentLine",
    "FulfilmentOrder",
    "ImportJob",
    "ImportRow",
    "Invoice",
    "Journal",
    "Lot",
    "LotMovement",
    "LotPick",
    "LotStock",
    "Media",
    "Movement",
    "Numbering",
    "OrderNote",
    "PaperParty",
    "Payout",
    "PayoutAccount",
    "PayoutHold",
    "Product",
    "ProviderEntry",
    "Reservation",
    "ReservationLine",
    "ReturnLine",
    "ReturnOrder",
    "SalesLine",
    "SalesOrder",
    "SalesRefund",
    "Settlement",
    "SettlementRun",
    "Shipment",
    "ShipmentLine",
    "StatementLine",
    "Stock",
    "StockCount",
    "StockCountLine",
    "StockTransfer",
    "StockTransferLine",
    "Terms",
    "Transfer",
    "UnusedPayment",
    "Variant",
    "Warehouse",
]

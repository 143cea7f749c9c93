"""Tables of the five dimensions, by use."""

from enablement.models.purchase import PurchaseLine, PurchaseNote, PurchaseOrder, Receipt, ReceiptLine, VariantCost
from enablement.models.vendor import PriceBreak, Vendor, VendorOffer

__all__ = [
    "PriceBreak",
    "PurchaseLine",
    "PurchaseNote",
    "PurchaseOrder",
    "Receipt",
    "ReceiptLine",
    "VariantCost",
    "Vendor",
    "VendorOffer",
]

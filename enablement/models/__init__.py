"""Tables of the five dimensions, by use."""

from enablement.models.academy import Course, CoursePassed, Lesson, LessonDone, Question, ResellerTier
from enablement.models.advice import Advice, AdviceRun
from enablement.models.benchmark import Benchmark, Peer
from enablement.models.bill import BillLine, BillRules, VendorBill, VendorPayment
from enablement.models.booking import ServiceBooking, ServiceOption, ServiceOptOut
from enablement.models.care import Complaint, Recall, RecallOrder, Review
from enablement.models.desk import DeskCase, DeskClock, DeskSkill
from enablement.models.forecast import Forecast, ForecastRun, PastForecast
from enablement.models.kit import Kit, KitProduct, KitUse
from enablement.models.landed import ChargePart, CostChange, PurchaseCharge
from enablement.models.notice import Announcement, AnnouncementRead
from enablement.models.plan import PlanLine, PlanPart, PlanShare, PurchasePlan
from enablement.models.purchase import PurchaseLine, PurchaseNote, PurchaseOrder, Receipt, ReceiptLine, VariantCost
from enablement.models.quality import Inspection, InspectionPlan, LotOrigin
from enablement.models.quote import Quote, QuoteItem, QuoteLine, QuoteNote, QuoteRequest
from enablement.models.round import BuyingRound, Commitment, RoundItem
from enablement.models.sales import MartState, SalesFact, SalesSum, SalesWeek
from enablement.models.score import ShopScore
from enablement.models.service import (
    Part,
    ServiceKind,
    ServiceOffer,
    ServiceProvider,
    ServiceRate,
    ServiceStatement,
    ServiceTask,
)
from enablement.models.tip import TipAnswer
from enablement.models.vendor import PriceBreak, Vendor, VendorOffer
from enablement.models.vetting import PaperFile, VendorPaper, Vetting
from enablement.models.visits import VisitBatch, Visits

__all__ = [
    "Advice",
    "AdviceRun",
    "Announcement",
    "AnnouncementRead",
    "Benchmark",
    "BillLine",
    "BillRules",
    "BuyingRound",
    "ChargePart",
    "Commitment",
    "Complaint",
    "CostChange",
    "Course",
    "CoursePassed",
    "DeskCase",
    "DeskClock",
    "DeskSkill",
    "Forecast",
    "ForecastRun",
    "Inspection",
    "InspectionPlan",
    "Kit",
    "KitProduct",
    "KitUse",
    "Lesson",
    "LessonDone",
    "LotOrigin",
    "MartState",
    "PaperFile",
    "Part",
    "PastForecast",
    "Peer",
    "PlanLine",
    "PlanPart",
    "PlanShare",
    "PriceBreak",
    "PurchaseCharge",
    "PurchaseLine",
    "PurchaseNote",
    "PurchaseOrder",
    "PurchasePlan",
    "Question",
    "Quote",
    "QuoteItem",
    "QuoteLine",
    "QuoteNote",
    "QuoteRequest",
    "Recall",
    "RecallOrder",
    "Receipt",
    "ReceiptLine",
    "ResellerTier",
    "Review",
    "RoundItem",
    "SalesFact",
    "SalesSum",
    "SalesWeek",
    "ServiceBooking",
    "ServiceKind",
    "ServiceOffer",
    "ServiceOptOut",
    "ServiceOption",
    "ServiceProvider",
    "ServiceRate",
    "ServiceStatement",
    "ServiceTask",
    "ShopScore",
    "TipAnswer",
    "VariantCost",
    "Vendor",
    "VendorBill",
    "VendorOffer",
    "VendorPaper",
    "VendorPayment",
    "Vetting",
    "VisitBatch",
    "Visits",
]

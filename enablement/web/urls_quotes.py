"""Pages of requests for quotation: in the supplier's office, and each vendor's own by its link."""

from __future__ import annotations

from typing import Any

from django.urls import path

from enablement.web import quote_pages, quotes

urlpatterns: list[Any] = [
    path("buying/quotes/", quotes.index, name="quotes"),
    path("buying/quotes/new/", quotes.new, name="quote_new"),
    path("buying/quotes/<str:number>/", quotes.page, name="quote"),
    path("buying/quotes/<str:number>/award/", quotes.award, name="quote_award"),
    path("buying/quotes/<str:number>/prolong/", quotes.prolong, name="quote_prolong"),
    path("buying/quotes/<str:number>/cancel/", quotes.cancel, name="quote_cancel"),
    path("buying/quotes/<str:number>/vendors/<int:vendor_id>/", quotes.answer, name="quote_answer"),
    path("buying/quotes/<str:number>/vendors/<int:vendor_id>/link/", quotes.link, name="quote_link"),
    path("buying/quotes/<str:number>/vendors/<int:vendor_id>/no/", quotes.refuse, name="quote_refuse"),
    path("quote/<str:word>/", quote_pages.page, name="quote_own"),
    path("quote/<str:word>/decline/", quote_pages.decline, name="quote_decline"),
    path("quote/<str:word>/withdraw/", quote_pages.withdraw, name="quote_withdraw"),
]

"""Addresses every host has: ``path("", include("s2b2c.ui.urls"))``."""

from django.urls import path, re_path

from s2b2c.accounts.permissions import public
from s2b2c.ui import kit, views

app_name = "ui"
urlpatterns = [
    re_path(
        r"^_plate/(?P<glyph>[\w-]{1,40})-(?P<tint>\w{1,20})-(?P<ground>[a-z]{1,12})\.svg$",
        public(views.plate),
        name="plate",
    ),
    path("_theme/", public(views.theme), name="theme"),
    path("_kit/", public(kit.page), name="kit"),
]

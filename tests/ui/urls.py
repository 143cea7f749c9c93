"""The addresses of ``s2b2c.ui`` alone, for tests that need no shop and no database."""

from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("i18n/language/", set_language, name="set_language"),
    path("", include("s2b2c.ui.urls")),
]

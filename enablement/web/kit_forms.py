"""The form of a kit."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enablement.models import Kit

_DAY = forms.DateInput(attrs={"type": "date"})
_PLAIN = (
    "title_en", "title_zh", "lead_en", "lead_zh", "story_en", "story_zh", "post_en", "post_zh", "scene", "starts_on",
    "ends_on", "early_days",
)  # fmt: skip


def _long(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class KitForm(forms.Form):
    """A kit's words in two languages, its picture, its offer and its days."""

    title_en = forms.CharField(label=_("Title in English"), max_length=80, required=False)
    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=80, required=False)
    lead_en = forms.CharField(label=_("One line in English"), max_length=200, required=False)
    lead_zh = forms.CharField(label=_("One line in Chinese"), max_length=200, required=False)
    story_en = forms.CharField(label=_("Story in English"), max_length=6_000, required=False, widget=_long(9))
    story_zh = forms.CharField(label=_("Story in Chinese"), max_length=6_000, required=False, widget=_long(9))
    post_en = forms.CharField(label=_("To post, in English"), max_length=500, required=False, widget=_long(3))
    post_zh = forms.CharField(label=_("To post, in Chinese"), max_length=500, required=False, widget=_long(3))
    scene = forms.ChoiceField(
        label=_("Drawn scene"), choices=Kit.Scene.choices, help_text=_("Shown where there is no picture.")
    )
    upload = forms.FileField(
        label=_("Picture"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"}),
        help_text=_("JPEG, PNG or WebP; 1600 by 1200 pixels look best."),
    )  # fmt: skip
    percent = forms.DecimalField(label=_("Per cent off"), min_value=0, max_value=90, decimal_places=2, required=False)
    share = forms.DecimalField(
        label=_("Of it, we bear per cent"), min_value=0, max_value=100, decimal_places=2, required=False
    )
    starts_on = forms.DateField(label=_("First day"), required=False, widget=_DAY)
    ends_on = forms.DateField(label=_("Last day"), required=False, widget=_DAY)

    early_days = forms.IntegerField(
        label=_("Days ahead for partner shops"), min_value=0, max_value=60, initial=0,
        help_text=_("So long only shops that passed the course may take it on."),
    )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None, *, kit: Kit | None = None) -> None:
        super().__init__(data, files, initial=_told(kit) if kit else {"share": 50, "early_days": 0})
        if kit and kit.state != Kit.State.DRAFT:
            for name in ("percent", "share", "starts_on", "ends_on", "early_days"):
                self.fields[name].disabled = True

    @property
    def facts(self) -> dict[str, Any]:
        """Give the kit's fields."""
        data = self.cleaned_data
        offer = {
            name: int((data[field] or 0) * 100) for name, field in (("value_bps", "percent"), ("share_bps", "share"))
        }
        return {**{name: data[name] for name in _PLAIN}, **offer}


def _told(kit: Kit) -> dict[str, Any]:
    offer = {"percent": f"{kit.value_bps / 100:g}", "share": f"{kit.share_bps / 100:g}"}
    return {**{name: getattr(kit, name) for name in _PLAIN}, **offer}

"""Forms of courses, lessons and questions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enablement.models import Course, Question

ANSWERS = 4
_TEXT = forms.Textarea(attrs={"rows": 9})


class CourseForm(forms.Form):
    """What a course is about."""

    title_en = forms.CharField(label=_("Title in English"), max_length=80, required=False)
    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=80, required=False)
    lead_en = forms.CharField(label=_("One line in English"), max_length=200, required=False)
    lead_zh = forms.CharField(label=_("One line in Chinese"), max_length=200, required=False)
    step = forms.ChoiceField(
        label=_("Helps with this step of the checklist"), choices=Course.Step.choices, required=False
    )
    unlocks = forms.BooleanField(label=_("Who passes becomes a partner shop"), required=False)


class LessonForm(forms.Form):
    """One lesson."""

    title_en = forms.CharField(label=_("Title in English"), max_length=80, required=False)
    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=80, required=False)
    text_en = forms.CharField(label=_("Text in English"), max_length=8_000, required=False, widget=_TEXT)
    text_zh = forms.CharField(label=_("Text in Chinese"), max_length=8_000, required=False, widget=_TEXT)
    minutes = forms.IntegerField(label=_("Minutes to read"), min_value=1, max_value=30, initial=3)


class QuestionForm(forms.Form):
    """A question with up to four answers."""

    text_en = forms.CharField(label=_("Question in English"), max_length=240, required=False)
    text_zh = forms.CharField(label=_("Question in Chinese"), max_length=240, required=False)
    right = forms.ChoiceField(label=_("The right answer"), choices=[(str(n), str(n + 1)) for n in range(ANSWERS)])
    why_en = forms.CharField(label=_("Why, in English"), max_length=240, required=False)
    why_zh = forms.CharField(label=_("Why, in Chinese"), max_length=240, required=False)

    def __init__(self, data: Any = None, *, question: Question | None = None) -> None:
        super().__init__(data, initial=_asked(question) if question else None)
        for n in range(1, ANSWERS + 1):
            for tongue, label in (("en", _("Answer in English")), ("zh", _("Answer in Chinese"))):
                self.fields[f"answer_{n}_{tongue}"] = forms.CharField(label=label, max_length=160, required=False)

    @property
    def rows(self) -> list[tuple[int, forms.BoundField, forms.BoundField]]:
        """Give the fields of the answers, by their number."""
        return [(n, self[f"answer_{n}_en"], self[f"answer_{n}_zh"]) for n in range(1, ANSWERS + 1)]

    @property
    def facts(self) -> dict[str, Any]:
        """Give what the service takes."""
        data = self.cleaned_data
        answers = [{t: data[f"answer_{n}_{t}"] for t in ("en", "zh")} for n in range(1, ANSWERS + 1)]
        return {"facts": data, "answers": answers, "right": int(data["right"])}


def _asked(question: Question) -> dict[str, Any]:
    plain = {name: getattr(question, name) for name in ("text_en", "text_zh", "why_en", "why_zh", "right")}
    answers = {
        f"answer_{n}_{tongue}": each[tongue] for n, each in enumerate(question.answers, 1) for tongue in ("en", "zh")
    }
    return {**plain, **answers}

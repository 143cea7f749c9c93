"""Countries by name."""

from __future__ import annotations

from django.utils import translation

from s2b2c.ui import countries


def test_countries_are_sorted_as_the_language_sorts():
    with translation.override("en"):
        assert [name for _code, name in countries.choices()][:2] == ["Afghanistan", "Albania"]
    with translation.override("zh-hans"):
        names = dict(countries.choices())
    order = list(names.values())
    assert order.index("阿根廷") < order.index("德国") < order.index("美国") < order.index("中国")
    assert "EU" not in names

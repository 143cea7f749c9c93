"""No text untranslated: all that is shown is marked, and all that is marked is in the Chinese catalogue."""

from __future__ import annotations

import ast
import re
from collections import Counter
from gettext import GNUTranslations
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings

from tests.house import messages, sources

# Words that are the same in every language, or names.
SAME = re.compile(
    r"^(?:English|简体中文|Priya Raman|SKU|API|CSV|XLSX|URL|QR|FAQ|OpenAPI|HTTP|JSON|Stripe|Alipay|WeChat Pay|[\W\d_]*"
    r"|SKUs|Priya Raman|\d+ of \d+|%\(\w+\)s of %\(\w+\)s|[A-Z]{2,5}|[a-z.]+@[a-z.]+|(?:%\(\w+\)s|[\W\d_])*)$"
)
PLACE = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}|<[^>]+>")
HAN = re.compile(r"[\u4e00-\u9fff]")
ATTRIBUTES = {"alt", "title", "placeholder", "aria-label", "aria-description", "label", "data-confirm", "content"}
# The page of parts is for who builds pages, and shows samples; texts of programs are English.
NOT_SHOWN = ("templates/kit/", "templates/api/")
# A template and the bare word it may have.
BARE = {
    ("templates/office/open/_looks.html", "Aa"),  # a specimen of the type
    ("templates/supplier/catalogue/options.html", "Colour"),  # in the field for the English name
    ("templates/supplier/catalogue/product.html", "Material"),
}
# On the keys themselves.
KEYS = {"Ctrl", "Esc", "Enter"}
# Words that once stood for a thing beside its own: the list in docs/design.md.
ONE_WORD = {
    "供应商": "供货商",
    "厂家": "厂商",
    "消费者": "顾客",
    "买家": "顾客",
    "客户": "顾客",
    "产品": "商品",
    "款式": "规格",
    "购物车": "购物袋",
    "快递": "包裹 or 承运商",
    "物流单号": "运单号",
    "拒付": "争议",
    "毛利": "利润",
    "结算单": "对账单",
    "平台费": "平台服务费",
    "支付机构": "支付服务商",
    "支付平台": "支付服务商",
    "电子邮件": "邮件",
    "工单": "服务单",
    "价格区间": "价格带",
    "类目": "分类",
}
REFUSALS = {"Refused", "NotFound", "StateRefused", "Unavailable", "PriceOutOfBand", "ValidationError", "FormError"}


# --- The catalogue ---------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def catalogue():
    if not messages.PO.is_file():
        pytest.fail("locale/zh_Hans/LC_MESSAGES/django.po is missing: manage.py makemessages -l zh_Hans")
    return messages.catalogue()


def test_every_text_is_translated(catalogue) -> None:
    missing = Counter()
    for each in messages.used():
        entry = catalogue.get(each.text, each.context or None)
        if entry is None or entry.fuzzy or not _all(entry.string):
            missing[f"{each.context + ' | ' if each.context else ''}{each.text!r} ({each.where})"] += 1
    if missing:
        pytest.fail("\n".join([f"{len(missing)} texts have no Chinese:", *sorted(missing)]), pytrace=False)


def test_translations_are_chinese(catalogue) -> None:
    foreign = [
        f"{entry.id!r} → {entry.string!r}"
        for entry in catalogue
        if entry.id and _all(entry.string) and not SAME.match(_first(entry.id))
        if any(re.search(r"[a-z]{2}", PLACE.sub("", text)) and not HAN.search(text) for text in _texts(entry.string))
    ]
    assert foreign == []


def test_catalogue_knows_that_chinese_has_one_plural(catalogue) -> None:
    """Without this line in its head, whatever there are two of is said in English."""
    assert (catalogue.num_plurals, catalogue.fuzzy) == (1, False), '"Plural-Forms: nplurals=1; plural=0;\\n"'


def test_translations_keep_the_places_to_fill(catalogue) -> None:
    changed = [
        f"{entry.id!r} → {text!r}"
        for entry in catalogue
        if entry.id and _all(entry.string)
        for text in _texts(entry.string)
        if set(PLACE.findall(text)) not in [set(PLACE.findall(each)) for each in _texts(entry.id)]
    ]
    assert changed == []


def test_chinese_texts_are_polite(catalogue) -> None:
    """One word for whom a page speaks to, in the catalogue and in what stands in code and templates."""
    familiar = [text for entry in catalogue if entry.id for text in _texts(entry.string) if "\u4f60" in text]
    written = [
        sources.named(path) for path in (*sources.python(), *sources.templates()) if "\u4f60" in sources.text(path)
    ]
    assert (familiar, written) == ([], [])


def test_chinese_has_one_word_for_one_thing(catalogue) -> None:
    """The words of docs/design.md: whoever reads two names looks for two things."""
    others = [
        f"{entry.id!r} → {text!r}: {right}, not {wrong}"
        for entry in catalogue
        if entry.id
        for wrong, right in ONE_WORD.items()
        for text in _texts(entry.string)
        if wrong in text
    ]
    assert others == []


def test_chinese_tells_payouts_from_payments(catalogue) -> None:
    """打款 is what a shop gets, 付款 what a customer does."""
    named = re.compile(r"\bpayouts?\b", re.IGNORECASE)
    mixed = [
        f"{_first(entry.id)!r} → {text!r}"
        for entry in catalogue
        if entry.id and named.search(" ".join(_texts(entry.id)))
        for text in _texts(entry.string)
        if "付款" in text
    ]
    assert mixed == []


def test_compiled_catalogue_says_the_same(catalogue) -> None:
    with messages.MO.open("rb") as file:
        compiled = GNUTranslations(file)
    stale = []
    for entry in catalogue:
        if entry.id and _all(entry.string) and not entry.fuzzy:
            key = _first(entry.id) if not entry.context else f"{entry.context}\x04{_first(entry.id)}"
            said = compiled._catalog.get(key, compiled._catalog.get((key, 0)))
            if said != _texts(entry.string)[0]:
                stale.append(_first(entry.id))
    assert stale == [], "manage.py compilemessages -l zh_Hans"


def _texts(given: str | tuple[str, ...]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _first(given: str | tuple[str, ...]) -> str:
    return _texts(given)[0]


def _all(given: str | tuple[str, ...]) -> bool:
    return all(_texts(given)) and bool(_texts(given))


# --- What is shown and not marked --------------------------------------------------------------------------
class Words(HTMLParser):
    """Collects the words of a page that are outside of tags: text, and attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.quiet = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.quiet = tag in ("script", "style")
        named = dict(attrs)
        shown = ATTRIBUTES if tag != "meta" or named.get("name") == "description" else set()
        self.found += [value for name, value in attrs if name in shown and value]

    def handle_data(self, data: str) -> None:
        if not self.quiet:
            self.found.append(data)

    def handle_endtag(self, tag: str) -> None:
        self.quiet = False


def bare_words(path: Path) -> list[str]:
    """Give the English words of a template that stand outside of every template tag."""
    text = sources.text(path)
    text = re.sub(r"\{%\s*comment.*?endcomment\s*%\}|\{#.*?#\}|<!--.*?-->", "", text, flags=re.S)
    text = re.sub(r"\{%\s*block \w+_attrs\s*%\}.*?endblock\s*%\}", "", text, flags=re.S)
    text = re.sub(r"\{%\s*block(?:translate|trans)\b.*?endblock(?:translate|trans)\s*%\}", "¤", text, flags=re.S)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "¤", text, flags=re.S)
    parser = Words()
    parser.feed(text)
    shown = " ".join(re.sub(r"&\w+;", " ", each) for each in parser.found)
    return re.findall(r"(?<![\w¤./#@-])[A-Za-z][a-z']+(?![\w¤/@.-]*¤)", shown)


def test_templates_show_no_bare_words() -> None:
    bare = {
        name: words
        for path in sources.templates()
        if not (name := sources.named(path)).startswith(NOT_SHOWN)
        if (words := [word for word in bare_words(path) if word not in KEYS and (name, word) not in BARE])
    }
    assert bare == {}


def test_what_is_refused_is_said_in_both_languages() -> None:
    bare = [
        f"{sources.named(path)}:{node.lineno}: {arg.value!r}"
        for path in sources.python()
        if "management" not in path.parts and "embedded" not in path.parts
        for node in ast.walk(sources.tree(path))
        if isinstance(node, ast.Call) and messages.called(node) in REFUSALS
        for arg in [*node.args, *(word.value for word in node.keywords if word.arg == "message")]
        if isinstance(arg, ast.Constant) and isinstance(arg.value, str) and " " in arg.value
    ]
    assert bare == []


def test_labels_of_forms_and_tables_are_said_in_both_languages() -> None:
    shown = {"label", "help_text", "empty_label", "caption", "search_hint", "verbose_name", "title", "placeholder"}
    bare = [
        f"{sources.named(path)}:{node.lineno}: {word.arg}={word.value.value!r}"
        for path in sources.python(*(set(sources.APPS)))
        if not {"management", "api"} & set(path.parts) and path.name not in ("kit.py", "apps.py")
        for node in ast.walk(sources.tree(path))
        if isinstance(node, ast.Call)
        for word in node.keywords
        if word.arg in shown and isinstance(word.value, ast.Constant) and isinstance(word.value.value, str)
        if re.search(r"[A-Za-z]{2}", word.value.value)
    ]
    assert bare == []


def test_both_languages_are_offered() -> None:
    assert [code for code, _ in settings.LANGUAGES] == ["en", "zh-hans"]

"""The hosted payment page: plain forms, no scripts, English and Chinese, and plainly a test."""

from __future__ import annotations

from html import escape as e
from urllib.parse import parse_qs

import segno

from tests.fakestripe import money
from tests.fakestripe.api import Request
from tests.fakestripe.errors import ApiError
from tests.fakestripe.resources import checkout
from tests.fakestripe.store import Record
from tests.fakestripe.web import CSS, Reply, frame, redirect
from tests.fakestripe.world import World

TEXTS = {
    "en": {
        "test": "Test payment page",
        "no_money": "No real money moves here, and no card number is asked for.",
        "pay": "Pay {shop}",
        "items": "What you are paying for",
        "each": "{amount} each",
        "total": "Total",
        "email": "Receipt to",
        "how": "Choose how this payment ends",
        "card": "Pay by card",
        "alipay": "Pay with Alipay",
        "wechat_pay": "Pay with WeChat Pay",
        "us_bank_account": "Pay from a US bank account (confirmed days later)",
        "sepa_debit": "Pay by SEPA debit (confirmed days later)",
        "scan": "Scan with WeChat to pay",
        "scan_how": "This page goes on by itself once the payment is made. No WeChat at hand? Press the button.",
        "scanned": "I have scanned and paid",
        "other": "Pay in another way",
        "processing": "This payment is on its way: the bank answers in a few days.",
        "decline": "Let the card be declined",
        "back": "Back to {shop} without paying",
        "declined": "Your card was declined. Nothing was charged; you can try again.",
        "paid": "This payment is complete.",
        "paid_go": "Continue to {shop}",
        "expired": "This payment page has expired. Nothing was charged.",
        "expired_go": "Back to {shop}",
        "missing": "There is no such payment page.",
        "receipt": "Test receipt",
    },
    "zh": {
        "test": "测试付款页面",
        "no_money": "此处不会产生真实扣款，也无需填写卡号。",
        "pay": "向 {shop} 付款",
        "items": "付款内容",
        "each": "单价 {amount}",
        "total": "合计",
        "email": "收据发送至",
        "how": "请选择付款结果",
        "card": "银行卡付款",
        "alipay": "支付宝付款",
        "wechat_pay": "微信支付付款",
        "us_bank_account": "美国银行账户付款（数日后确认）",
        "sepa_debit": "SEPA 借记付款（数日后确认）",
        "scan": "请使用微信扫码付款",
        "scan_how": "付款完成后，本页面会自动继续。没有微信？请点击下方按钮。",
        "scanned": "我已扫码付款",
        "other": "使用其他付款方式",
        "processing": "付款处理中：银行将在数日内确认。",
        "decline": "模拟银行卡被拒",
        "back": "不付款，返回 {shop}",
        "declined": "银行卡被拒绝，未扣款，您可以重试。",
        "paid": "付款已完成。",
        "paid_go": "继续前往 {shop}",
        "expired": "此付款页面已过期，未扣款。",
        "expired_go": "返回 {shop}",
        "missing": "没有这个付款页面。",
        "receipt": "测试收据",
    },
}


def answer(world: World, request: Request, query: str) -> Reply:
    """Answer a browser: the page, the pressed button, the style sheet, a receipt."""
    if request.path == "/_assets/fakestripe.css":
        return Reply(CSS, type="text/css", headers={"Cache-Control": "no-cache"})
    kind, _, id_ = request.path.removeprefix("/c/").strip("/").partition("/")
    try:
        with world.lock:
            if kind == "pay":
                return _press(world, id_, request) if request.method == "POST" else _show(world, id_, request, query)
            if kind == "receipts" and request.method == "GET":
                return _receipt(world, id_, request)
    except ApiError:
        pass
    language = _language(None, request)
    return frame(
        "404", f'<main class="card"><p>{TEXTS[language]["missing"]}</p></main>', language=language, status=404
    )


def _language(session: Record | None, request: Request) -> str:
    wanted = session and session["locale"]
    if not wanted or wanted == "auto":
        wanted = request.headers.get("accept-language", "en")
    return "zh" if wanted.lower().startswith("zh") else "en"


def _press(world: World, id_: str, request: Request) -> Reply:
    """Do what the button says and send the browser on, as Stripe does: no proof of anything."""
    outcome = parse_qs(request.form).get("outcome", [""])[0]
    if outcome == "decline":
        session = checkout.decline(world, id_)
        world.commit()
        return redirect(f"/c/pay/{id_}?declined=1")
    if outcome == "wechat_pay":
        return redirect(f"/c/pay/{id_}?scan=1")
    session = checkout.pay(world, id_, {"scanned": "wechat_pay"}.get(outcome, outcome))
    world.commit()
    return redirect(return_url(session) if session["status"] == "complete" else f"/c/pay/{id_}")


def return_url(session: Record) -> str:
    """Give the shop's success address with the session's id filled in."""
    return session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])


def _show(world: World, id_: str, request: Request, query: str) -> Reply:
    session = checkout.load(world, id_)
    world.commit()
    language = _language(session, request)
    shop = session["branding_settings"]["display_name"]
    texts = {name: e(text.replace("{shop}", shop)) for name, text in TEXTS[language].items()}
    part = {"open": _open, "complete": _complete, "expired": _expired}[session["status"]]
    scanning = "scan" in query and "wechat_pay" in session["payment_method_types"]
    if scanning and session["status"] == "complete":
        return redirect(return_url(session))
    if scanning and session["status"] == "open":
        part = _scan
    declined = "declined" in query and session["status"] == "open"
    notice = f'<p class="notice" role="alert">{texts["declined"]}</p>' if declined else ""
    main = (
        f'<p class="banner"><strong>{texts["test"]}</strong> <span>{texts["no_money"]}</span></p><main class="card">'
        f"{_head(session, texts, language)}{notice}{part(session, texts)}</main>"
    )
    status = 410 if session["status"] == "expired" else 200
    reload = 3 if part is _scan else 0
    return frame(f"{texts['test']} – {shop}", main, language=language, status=status, reload=reload)


def _head(session: Record, texts: dict[str, str], language: str) -> str:
    rows = "".join(_row(item, texts, language) for item in session["_line_items"]["data"])
    total = e(money.text(session["amount_total"], session["currency"], language))
    email = (
        f'<p class="muted">{texts["email"]} {e(session["customer_email"])}</p>' if session["customer_email"] else ""
    )
    return (
        f'<h1>{texts["pay"]}</h1><p class="amount" data-amount="{session["amount_total"]}">{total}</p>'
        f"<table><caption>{texts['items']}</caption><tbody>{rows}</tbody>"
        f'<tfoot><tr><th scope="row">{texts["total"]}</th><td>{total}</td></tr></tfoot></table>{email}'
    )


def _row(item: Record, texts: dict[str, str], language: str) -> str:
    amount = e(money.text(item["amount_total"], item["currency"], language))
    each = money.text(item["price"]["unit_amount"], item["currency"], language)
    times = f" × {item['quantity']}" if item["quantity"] > 1 else ""
    note = f"<small>{texts['each'].replace('{amount}', e(each))}</small>" if times else ""
    return f'<tr><th scope="row">{e(item["description"])}{times}{note}</th><td>{amount}</td></tr>'


def _open(session: Record, texts: dict[str, str]) -> str:
    buttons = "".join(
        f'<button name="outcome" value="{name}" class="{"main" if name == "card" else name}">{texts[name]}</button>'
        for name in session["payment_method_types"]
    )
    if "card" in session["payment_method_types"]:
        buttons += f'<button name="outcome" value="decline" class="quiet">{texts["decline"]}</button>'
    back = f'<a class="back" href="{e(session["cancel_url"])}">{texts["back"]}</a>' if session["cancel_url"] else ""
    return f'<form method="post" action="/c/pay/{session["id"]}"><h2>{texts["how"]}</h2>{buttons}</form>{back}'


def _scan(session: Record, texts: dict[str, str]) -> str:
    """Show the QR code; a phone that follows it finds this page's ways to pay."""
    code = segno.make(session["url"], error="m").svg_data_uri(scale=6, border=2, dark="#14171c")
    return (
        f'<h2>{texts["scan"]}</h2><img class="qr" src="{e(code)}" alt="{texts["scan"]}"><p class="muted">'
        f'{texts["scan_how"]}</p><form method="post" action="/c/pay/{session["id"]}">'
        f'<button name="outcome" value="scanned" class="wechat_pay">{texts["scanned"]}</button></form>'
        f'<a class="back" href="/c/pay/{session["id"]}">{texts["other"]}</a>'
    )


def _complete(session: Record, texts: dict[str, str]) -> str:
    link = f'<a class="button" href="{e(return_url(session))}">{texts["paid_go"]}</a>'
    said = texts["paid" if session["payment_status"] == "paid" else "processing"]
    return f'<p class="notice ok" role="status">{said}</p>{link}'


def _expired(session: Record, texts: dict[str, str]) -> str:
    target = session["cancel_url"]
    link = f'<a class="button" href="{e(target)}">{texts["expired_go"]}</a>' if target else ""
    return f'<p class="notice" role="status">{texts["expired"]}</p>{link}'


def _receipt(world: World, id_: str, request: Request) -> Reply:
    charge, language = world.get(id_, "charge"), _language(None, request)
    amount = e(money.text(charge["amount"], charge["currency"], language))
    title = TEXTS[language]["receipt"]
    lines = f'<h1>{title}</h1><p class="amount">{amount}</p><p class="muted">{e(charge["description"] or id_)}</p>'
    return frame(title, f'<main class="card">{lines}</main>', language=language)

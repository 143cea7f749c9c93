"""Pages shown before any view, template, language or stylesheet is known: plain, and in both languages."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from django.http import HttpResponse

# The only style inside a page: where no host is known, no stylesheet has an address. The policy lets in just this text.
_STYLE = """
:root{color-scheme:light dark}
body{margin:0;background:#f6f5f2;color:#14171c;font:16px/1.6 Inter,system-ui,"PingFang SC","Microsoft YaHei",sans-serif}
main{max-width:34rem;margin:0 auto;padding:18vh 24px 48px}
h1{margin:0 0 6px;font-size:24px;line-height:1.3;font-weight:600;letter-spacing:-.01em}
p{margin:0;color:#5e6675}
div{margin-top:28px;padding-top:28px;border-top:1px solid #e4e2dc}
@media(prefers-color-scheme:dark){body{background:#101317;color:#eceae5}p{color:#a4abb8}div{border-color:#2a3038}}
"""
POLICY = f"default-src 'none'; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'"

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>{title_en} · {title_zh}</title><style>{style}</style></head>
<body><main><h1>{title_en}</h1><p>{text_en}</p>
<div lang="zh-Hans"><h1>{title_zh}</h1><p>{text_zh}</p></div></main></body></html>
"""


def unknown_host() -> HttpResponse:
    return _page(
        404,
        ("There is no shop at this address", "Please check the address for a typing error."),
        ("这个网址没有店铺", "请检查网址是否输入有误。"),
    )


def unknown_shop() -> HttpResponse:
    return _page(
        404,
        ("There is no shop by this name", "Please check the address, or sign in and choose your shop."),
        ("没有这个名称的店铺", "请检查网址，或登录后选择您的店铺。"),
    )


def not_open_yet() -> HttpResponse:
    return _page(
        404,
        ("This shop is not open yet", "Its application is being looked at. You will get an e-mail."),
        ("店铺尚未开通", "申请正在审核，结果将通过邮件通知您。"),
    )


def closed(*, for_good: bool) -> HttpResponse:
    if for_good:
        return _page(
            410,
            ("This shop has closed", "Orders already placed will still be delivered; use the link in your e-mail."),
            ("店铺已关闭", "已下的订单仍会照常配送，请使用邮件中的链接查看。"),
        )
    response = _page(
        503,
        ("This shop is taking a break", "Orders already placed will still be delivered. Please come back later."),
        ("店铺暂停营业", "已下的订单仍会照常配送，请稍后再来。"),
    )
    response["Retry-After"] = "3600"
    return response


def _page(status: int, english: tuple[str, str], chinese: tuple[str, str]) -> HttpResponse:
    words = {"title_en": english[0], "text_en": english[1], "title_zh": chinese[0], "text_zh": chinese[1]}
    text = _PAGE.format(style=_STYLE, **words)
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(text, status=status, headers=headers)

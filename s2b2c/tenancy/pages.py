"""Pages shown before any view, template, language or stylesheet is known: plain, and in both languages."""

from __future__ import annotations

from django.http import HttpResponse

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>{title_en} · {title_zh}</title></head>
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
        ("没有这个名称的店铺", "请检查网址，或登录后选择你的店铺。"),
    )


def not_open_yet() -> HttpResponse:
    return _page(
        404,
        ("This shop is not open yet", "Its application is being looked at. You will get an e-mail."),
        ("店铺尚未开通", "申请正在审核，结果将通过邮件通知你。"),
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
    text = _PAGE.format(title_en=english[0], text_en=english[1], title_zh=chinese[0], text_zh=chinese[1])
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(text, status=status, headers=headers)

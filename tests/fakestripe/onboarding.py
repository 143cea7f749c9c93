"""The hosted onboarding page of a connected account: hand in the details, be asked for more, or leave."""

from __future__ import annotations

from html import escape as e
from urllib.parse import parse_qs

from tests.fakestripe.api import Request
from tests.fakestripe.errors import ApiError
from tests.fakestripe.resources import account_links, accounts
from tests.fakestripe.store import Record
from tests.fakestripe.web import Reply, frame, redirect
from tests.fakestripe.world import World

TEXTS = {
    "en": {
        "test": "Test onboarding page",
        "no_details": "Stripe would ask for real details here. This page fills in made-up ones.",
        "title": "Get paid by {platform}",
        "account": "Account",
        "country": "Country",
        "email": "E-mail",
        "bank": "Bank account",
        "missing": "Still needed",
        "nothing": "Nothing",
        "submit": "Hand in all details",
        "more": "Hand in, then be asked for a document",
        "leave": "Leave without handing in",
        "gone": "There is no such page.",
    },
    "zh": {
        "test": "测试入驻页面",
        "no_details": "真实的 Stripe 会在此收集您的资料；本页面自动填写虚构资料。",
        "title": "接收 {platform} 的付款",
        "account": "账户",
        "country": "国家/地区",
        "email": "邮箱",
        "bank": "银行账户",
        "missing": "仍需提供",
        "nothing": "无",
        "submit": "提交全部资料",
        "more": "提交，但随后被要求补充证件",
        "leave": "不提交，直接离开",
        "gone": "没有这个页面。",
    },
}


def answer(world: World, request: Request) -> Reply:
    """Answer ``/setup/e/<account>/<token>``: the page, or a pressed button."""
    language = "zh" if request.headers.get("accept-language", "").lower().startswith("zh") else "en"
    texts = TEXTS[language]
    account_id, _, token = request.path.removeprefix("/setup/e/").partition("/")
    try:
        with world.lock:
            link = account_links.load(world, account_id, token)
            if account_links.over(world, link):
                return redirect(link["_refresh_url"])
            if request.method == "POST":
                return _press(world, link, request)
            return _show(world, accounts.load(world, account_id), request.path, texts, language)
    except ApiError:
        main = f'<main class="card"><p>{texts["gone"]}</p></main>'
        return frame("404", main, language=language, status=404)


def _press(world: World, link: Record, request: Request) -> Reply:
    outcome = parse_qs(request.form).get("outcome", [""])[0]
    account_links.use(world, link, outcome)
    world.commit()
    return redirect(link["_return_url"])


def _show(world: World, account: Record, path: str, texts: dict[str, str], language: str) -> Reply:
    banks = account["external_accounts"]["data"]
    rows = {
        "account": account["business_profile"]["name"] or account["id"],
        "country": account["country"],
        "email": account["email"] or "–",
        "bank": f"{banks[0]['bank_name']} ···· {banks[0]['last4']}" if banks else "–",
    }
    shown = "".join(f'<tr><th scope="row">{texts[name]}</th><td>{e(value)}</td></tr>' for name, value in rows.items())
    due = "".join(f"<li><code>{e(name)}</code></li>" for name in account["requirements"]["currently_due"])
    missing = f'<ul class="due">{due}</ul>' if due else f"<p>{texts['nothing']}</p>"
    buttons = "".join(
        f'<button name="outcome" value="{name}" class="{kind}">{texts[name]}</button>'
        for name, kind in (("submit", "main"), ("more", ""), ("leave", "plain"))
    )
    main = (
        f'<p class="banner"><strong>{texts["test"]}</strong> <span>{texts["no_details"]}</span></p><main class="card">'
        f'<h1>{e(texts["title"].replace("{platform}", world.business_name))}</h1><table class="facts"><tbody>{shown}'
        f"</tbody></table><h2>{texts['missing']}</h2>"
        f"{missing}"
        f'<form method="post" action="{e(path)}">{buttons}</form></main>'
    )
    return frame(texts["test"], main, language=language)

"""The pages of /_control for persons: one per kind of thing, each with what can be done to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from html import escape as e
from urllib.parse import parse_qs

from tests.fakestripe import control_faults, money
from tests.fakestripe.markup import badge, button, empty, field, form, select, table
from tests.fakestripe.resources import balance, disputes, payouts
from tests.fakestripe.store import Record
from tests.fakestripe.web import Reply, frame
from tests.fakestripe.webhooks import Courier
from tests.fakestripe.world import World, owner

SHOWN = 50
PAGES = ("", "payments", "accounts", "transfers", "payouts", "disputes", "events", "faults")
NAMES = ("Overview", *(name.capitalize() for name in PAGES[1:]))


def show(world: World, courier: Courier, path: str, query: str) -> Reply:
    """Draw a page, 50 rows of it from ``?from=``."""
    if path not in PAGES:
        main = '<main class="wide"><h1>No such page</h1><p><a href="/_control">Overview</a></p></main>'
        return frame("404", main, status=404)
    start = max(0, int(number)) if (number := parse_qs(query).get("from", ["0"])[0]).isdecimal() else 0
    with world.lock:
        title = NAMES[PAGES.index(path)]
        body = _overview(world, courier) if not path else _page(world, path, start)
        links = "".join(_link(page, name, page == path, world) for page, name in zip(PAGES, NAMES, strict=True))
    main = (
        f'<header class="top"><div><a class="brand" href="/_control">Fake Stripe</a><span class="tag">test – no real '
        f'money</span></div><nav aria-label="Pages">{links}</nav></header><main class="wide"><h1>{title}</h1>{body}</main>'
    )
    return frame(f"{title} – Fake Stripe", main)


def refused(message: str) -> Reply:
    """Say what can't be done, with a way back."""
    main = (
        f'<main class="wide"><h1>That can’t be done</h1><p class="notice" role="alert">{e(message)}</p>'
        f'<p><a href="/_control">Back to the overview</a></p></main>'
    )
    return frame("That can’t be done – Fake Stripe", main, status=400)


def _link(page: str, name: str, here: bool, world: World) -> str:
    waiting = len(world.faults.list()) if page == "faults" else 0
    count = f' <span class="count">{waiting}</span>' if waiting else ""
    return f'<a href="/_control{page and "/" + page}"{" aria-current=page" if here else ""}>{name}{count}</a>'


def _page(world: World, path: str, start: int) -> str:
    if path == "faults":
        return control_faults.body(world)
    kind, heads, row, before, none = TABLES[path]
    items = list(world.store.of(kind))
    rows = [row(world, item) for item in items[start : start + SHOWN]]
    return before(world) + (table(heads, rows) + _pager(path, start, len(items)) if rows else empty(none))


def _pager(path: str, start: int, total: int) -> str:
    if total <= SHOWN:
        return ""
    newer = f'<a href="?from={max(0, start - SHOWN)}">← Newer</a>' if start else "<span></span>"
    older = f'<a href="?from={start + SHOWN}">Older →</a>' if start + SHOWN < total else "<span></span>"
    return f'<p class="pager">{newer}<span>{start + 1}–{min(total, start + SHOWN)} of {total}</span>{older}</p>'


def _overview(world: World, courier: Courier) -> str:
    held = balance.sums(world) or {"usd": (0, 0)}
    cards = "".join(
        f'<div class="figure"><span>{label}</span><strong>{e(money.text(amount, currency))}</strong></div>'
        for currency, both in held.items()
        for label, amount in ((f"Available {currency.upper()}", both[0]), (f"Pending {currency.upper()}", both[1]))
    )
    funds = form(
        "funds", field("amount", "Amount", "1000.00", "decimal"), field("currency", "Currency", "usd"),
        button("Add funds", kind="main"), css="row",
    )  # fmt: skip
    booked = [_transaction(world, item) for item in list(world.store.of("balance_transaction"))[:20]]
    heads = ("Booked", "What", "Account", "Amount", "Fee", "Net", "")
    hook = courier.webhook_url or "none – events are kept until they are asked for"
    waiting = len(world.store.deliveries)
    debits = form(
        "debits", button("Stop offering it" if world.bank_debit else "Offer it", name="on",
        value="0" if world.bank_debit else "1"), css="inline",
    )  # fmt: skip
    return (
        f'<p class="lead">Webhooks go to <code>{e(hook)}</code>. {waiting} waiting.</p>'
        f'<h2>Balance of the platform</h2><div class="figures">{cards}</div>{funds}'
        f'<div class="aside"><p>Debit from a bank account, confirmed days later: '
        f"<strong>{'offered' if world.bank_debit else 'not offered'}</strong> by shops that don’t choose.</p>{debits}</div>"
        f"<h2>Balance transactions</h2>{table(heads, booked) if booked else empty('Nothing was booked yet.')}"
    )


def _when(stamp: int) -> str:
    moment = dt.datetime.fromtimestamp(stamp, tz=dt.UTC)
    return f'<time datetime="{moment.isoformat()}">{moment:%d %b %H:%M:%S}</time>'


def _amount(item: Record, name: str = "amount") -> str:
    return f'<span class="num">{e(money.text(item[name], item["currency"]))}</span>'


def _id(text: str | None) -> str:
    return f'<code title="{e(text)}">{e(text[:14])}…</code>' if text else "–"


def _name(world: World, account: str) -> str:
    held = world.store.objects.get(account, {})
    return e(held["business_profile"]["name"] or account[:14]) if held else "platform"


def _transaction(world: World, item: Record) -> tuple[str, ...]:
    kind = f"{e(item['type'].replace('_', ' '))}<br>{_id(item['source'])}"
    values = (_amount(item), _amount(item, "fee"), _amount(item, "net"))
    return (
        _when(item["created"]),
        kind,
        _name(world, owner(item)),
        *values,
        badge(item["status"]),
    )


def _payment(world: World, session: Record) -> tuple[str, ...]:
    intent = world.store.objects.get(session["payment_intent"] or "", {})
    charge = world.store.objects.get(intent.get("latest_charge") or "", {})
    state = intent.get("status", "") if intent.get("status") == "processing" else session["payment_status"]
    label = session["client_reference_id"] or session["id"][:16]
    acts = [f'<a class="button small" href="/c/pay/{session["id"]}">Page</a>']
    if state == "processing":
        acts += [
            form("payment/succeed", button("Succeed", name="id", value=session["id"]), back="payments"),
            form("payment/fail", button("Fail", name="id", value=session["id"], kind="quiet"), back="payments"),
        ]
    method = charge.get("payment_method_details", {}).get("type", "")
    if charge.get("paid") and method == "card" and not charge["disputed"]:
        why = select("reason", "Reason", disputes.REASONS)
        opened = f"<details><summary>Dispute…</summary>{why}{button('Open', name='id', value=charge['id'])}</details>"
        acts.append(form("dispute", opened, back="payments"))
    status = badge(
        "expired" if session["status"] == "expired" else state if session["status"] == "complete" else "open"
    )
    refunded = charge.get("amount_refunded", 0)
    note = f"<small>{e(money.text(refunded, session['currency']))} refunded</small>" if refunded else ""
    total = _amount(session, "amount_total") + note
    disputed = badge("disputed") if charge.get("disputed") else ""
    name = e(method.replace("_", " ") or "–")
    return _when(session["created"]), f"<strong>{e(label)}</strong>", total, name, status + disputed, _acts(acts)


def _account(world: World, account: Record) -> tuple[str, ...]:
    id_, name = account["id"], account["business_profile"]["name"] or account["email"] or account["id"]
    due = account["requirements"]["currently_due"]
    held = "<br>".join(
        f'<span class="num">{e(money.text(both[0], code))} <small>+ {e(money.text(both[1], code))} pending</small></span>'
        for code, both in balance.sums(world, id_).items()
    )
    state = badge("ready" if account["payouts_enabled"] else account.get("_rejected") or "restricted")
    acts = _account_acts(account, any(both[0] > 0 for both in balance.sums(world, id_).values()))
    needs = "<br>".join(f"<code>{e(item)}</code>" for item in due) or "–"
    who = f"<strong>{e(name)}</strong><small>{e(id_)} · {account['country']}</small>"
    return who, state, held or "–", needs, _acts(acts)


def _account_acts(account: Record, has_money: bool) -> list[str]:
    """Offer what would change something."""
    id_ = account["id"]
    if account.get("_rejected"):
        return []
    more = button("Ask for a document", name="fields", value="individual.verification.document")
    ask = f'<input type="hidden" name="id" value="{id_}">{more}'
    ready = account["payouts_enabled"]
    acts = [form("account/require", ask, back="accounts")] if ready else []
    if not ready:
        acts.append(form("account/submit", button("Hand in details", name="id", value=id_), back="accounts"))
    if ready and has_money:
        acts.append(form("payout", button("Pay out", name="id", value=id_), back="accounts"))
    return [*acts, form("account/reject", button("Reject", name="id", value=id_, kind="quiet"), back="accounts")]


def _transfer(world: World, item: Record) -> tuple[str, ...]:
    back = f"<small>{e(money.text(item['amount_reversed'], item['currency']))} reversed</small>"
    source = _id(item["source_transaction"]) if item["source_transaction"] else "balance"
    group = f"<code>{e(item['transfer_group'])}</code>" if item["transfer_group"] else "–"
    total = _amount(item) + (back if item["amount_reversed"] else "")
    return _when(item["created"]), _id(item["id"]), _name(world, item["destination"]), group, source, total


def _payout(world: World, item: Record) -> tuple[str, ...]:
    acts = []
    if item["status"] in ("pending", "in_transit"):
        acts.append(form("payout/arrive", button("Arrive", name="id", value=item["id"]), back="payouts"))
    if item["status"] not in ("failed", "canceled"):
        why = select("reason", "Reason", payouts.FAILURES)
        inner = f"{why}{button('Bring back', name='id', value=item['id'], kind='quiet')}"
        acts.append(form("payout/fail", f"<details><summary>Fail…</summary>{inner}</details>", back="payouts"))
    who = _name(world, owner(item))
    status = badge(item["status"]) + (f"<small>{e(item['failure_code'])}</small>" if item["failure_code"] else "")
    kind = "automatic" if item["automatic"] else "by the API"
    return _when(item["created"]), _id(item["id"]), who, kind, _amount(item), status, _acts(acts)


def _dispute(world: World, item: Record) -> tuple[str, ...]:
    acts = []
    if item["status"] not in disputes.OVER:
        acts = [
            form("dispute/win", button("Merchant wins", name="id", value=item["id"]), back="disputes"),
            form("dispute/lose", button("Merchant loses", name="id", value=item["id"], kind="quiet"), back="disputes"),
        ]
    evidence = [name for name in disputes.TEXTS if item["evidence"][name]]
    shown = "<br>".join(f"{e(name.replace('_', ' '))}" for name in evidence) or "none"
    due = f"<small>answer by {_when(item['evidence_details']['due_by'])}</small>"
    status = badge(item["status"]) + (due if item["status"] == "needs_response" else "")
    reason = e(item["reason"].replace("_", " "))
    return _when(item["created"]), _id(item["charge"]), reason, _amount(item), status, shown, _acts(acts)


def _event(world: World, event: Record) -> tuple[str, ...]:
    answers = ", ".join(str(status or "no answer") for status in event.get("_answers", [])) or "not sent yet"
    again = form("resend", button("Send again", name="event", value=event["id"]), back="events")
    where = _name(world, owner(event))
    subject = _id(event["data"]["object"].get("id", ""))
    return _when(event["created"]), f"<strong>{event['type']}</strong>", subject, where, answers, _acts([again])


def _acts(parts: Iterable[str]) -> str:
    return f'<div class="acts">{"".join(parts)}</div>'


def _none(world: World) -> str:
    return ""


def _pay_out_platform(world: World) -> str:
    act = form(
        "payout", '<input type="hidden" name="id" value="">' + button("Pay out the platform’s balance"), back="payouts"
    )
    return f'<div class="aside"><p>Payouts arrive after a day, or at once by the button.</p>{act}</div>'


Row = Callable[[World, Record], tuple[str, ...]]
TABLES: dict[str, tuple[str, tuple[str, ...], Row, Callable[[World], str], str]] = {
    "payments": (
        "checkout.session", ("Created", "For", "Amount", "Method", "Status", ""), _payment, _none,
        "Nobody has opened a payment page yet.",
    ),
    "accounts": (
        "account", ("Account", "Status", "Balance", "Still needed", ""), _account, _none,
        "No account is connected yet.",
    ),
    "transfers": (
        "transfer", ("Created", "Transfer", "To", "Group", "From", "Amount"), _transfer, _none,
        "Nothing was transferred yet.",
    ),
    "payouts": (
        "payout", ("Created", "Payout", "Account", "Kind", "Amount", "Status", ""), _payout, _pay_out_platform,
        "Nothing was paid out yet.",
    ),
    "disputes": (
        "dispute", ("Opened", "Charge", "Reason", "Amount", "Status", "Evidence", ""), _dispute, _none,
        "No payment is disputed. Open a dispute under Payments.",
    ),
    "events": (
        "event", ("Created", "Type", "Object", "Account", "Answers of the webhook", ""), _event, _none,
        "Nothing happened yet.",
    ),
}  # fmt: skip

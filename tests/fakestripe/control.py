"""The control page: what happened, and what shall go wrong next."""

from __future__ import annotations

import json
from html import escape as e
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.fakestripe import money
from tests.fakestripe.api import Request
from tests.fakestripe.errors import ApiError
from tests.fakestripe.faults import KINDS
from tests.fakestripe.store import Record
from tests.fakestripe.web import Reply, frame, redirect
from tests.fakestripe.webhooks import Courier
from tests.fakestripe.world import World, public

READ = {"times": int, "seconds": float, "copies": int, "status": int, "kind": str, "only": str}
SHOWN = 50


def answer(world: World, courier: Courier, request: Request) -> Reply:
    """Answer ``GET /_control`` and ``/_control/state``; ``POST /_control/faults``, ``…/faults/clear``,
    ``…/resend``; ``DELETE /_control/faults``. JSON in gives JSON out, a form gives the page."""
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host"):
        return _json({"error": "other origin"}, status=403)
    if request.method == "GET":
        return _page(world, courier) if request.path.rstrip("/") == "/_control" else _state(world, request)
    try:
        done = _change(world, courier, request)
    except (ValueError, TypeError, ApiError) as error:
        return _json({"error": str(error)}, status=400)
    if done is None:
        return _json({"error": "no such control"}, status=404)
    return _json(done) if _speaks_json(request) or request.method == "DELETE" else redirect("/_control")


def _change(world: World, courier: Courier, request: Request) -> dict[str, Any] | None:
    path, sent = request.path.removeprefix("/_control"), _sent(request)
    if (request.method, path) == ("DELETE", "/faults") or path == "/faults/clear":
        world.faults.clear()
    elif path == "/faults":
        world.faults.add(**{name: READ[name](value) for name, value in sent.items() if name in READ and value != ""})
    elif path == "/resend":
        courier.resend(str(sent.get("event", "")))
    else:
        return None
    return {"faults": world.faults.list()}


def _speaks_json(request: Request) -> bool:
    return "json" in request.headers.get("content-type", "")


def _sent(request: Request) -> dict[str, Any]:
    if not _speaks_json(request):
        return dict(parse_qsl(request.form, keep_blank_values=True))
    sent = json.loads(request.form or "{}")
    if not isinstance(sent, dict):
        raise ValueError("send an object")
    return sent


def _json(value: Any, status: int = 200) -> Reply:
    return Reply(json.dumps(value, ensure_ascii=False, indent=2), status=status, type="application/json")


def _state(world: World, request: Request) -> Reply:
    if request.path != "/_control/state":
        return _json({"error": "no such control"}, status=404)
    with world.lock:
        objects = [public(item) for item in world.store.objects.values()]
        return _json({"objects": objects, "undelivered": list(world.store.deliveries), "faults": world.faults.list()})


def _page(world: World, courier: Courier) -> Reply:
    with world.lock:
        sessions = list(world.store.of("checkout.session"))[:SHOWN]
        events = list(world.store.of("event"))[:SHOWN]
    parts = [
        '<main class="wide"><h1>Fake Stripe</h1>',
        f'<p class="muted">Webhook: {e(courier.webhook_url or "none; events are kept until they are asked for")}</p>',
        _faults(world),
        _table("Checkouts", ("Created for", "Amount", "Status", "Payment", ""), map(_session, sessions)),
        _table("Events", ("Type", "Object", "Answers of the webhook", ""), map(_event, events)),
        "</main>",
    ]
    return frame("Fake Stripe", "".join(parts))


def _faults(world: World) -> str:
    options = "".join(f'<option value="{kind}">{kind} – {e(text)}</option>' for kind, text in KINDS.items())
    fields = "".join(
        f'<label>{label}<input name="{name}" value="{value}" inputmode="{mode}"></label>'
        for name, label, value, mode in (
            ("times", "times", "1", "numeric"),
            ("only", "only for (path or event type)", "", "text"),
            ("seconds", "seconds", "0", "decimal"),
        )
    )
    waiting = "".join(f"<li><code>{e(json.dumps(fault))}</code></li>" for fault in world.faults.list())
    clear = '<form method="post" action="/_control/faults/clear"><button class="quiet">Clear all</button></form>'
    return (
        f'<h2>Faults</h2><form method="post" action="/_control/faults" class="row"><label>what goes wrong'
        f'<select name="kind">{options}</select></label>{fields}<button class="main">Add</button></form>'
        + (f"<ul>{waiting}</ul>{clear}" if waiting else '<p class="muted">All goes well.</p>')
    )


def _table(title: str, heads: tuple[str, ...], rows: Any) -> str:
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    if not body:
        return f'<h2>{title}</h2><p class="muted">None yet.</p>'
    return (
        f'<h2>{title}</h2><div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _session(session: Record) -> tuple[str, ...]:
    label = session["client_reference_id"] or session["id"][:16]
    amount = money.text(session["amount_total"], session["currency"])
    link = f'<a href="/c/pay/{session["id"]}">page</a>'
    return e(label), e(amount), session["status"], session["payment_status"], link


def _event(event: Record) -> tuple[str, ...]:
    answers = ", ".join(str(status or "none") for status in event.get("_answers", [])) or "not sent yet"
    again = f'<button name="event" value="{event["id"]}" class="small">send again</button>'
    form = f'<form method="post" action="/_control/resend">{again}</form>'
    return event["type"], f"<code>{e(event['data']['object'].get('id', ''))[:20]}…</code>", answers, form

"""The page of faults: what goes wrong now, switches for the usual ones, and any other by hand."""

from __future__ import annotations

from html import escape as e
from typing import Any

from tests.fakestripe.faults import API_FAULTS, KINDS, WEBHOOK_FAULTS
from tests.fakestripe.markup import badge, button, empty, field, form, table
from tests.fakestripe.world import World

# what a switch says, and the fault it adds until it is switched off
SWITCHES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Webhooks come 30 seconds late", {"kind": "delay", "seconds": "30"}),
    ("Every webhook comes twice", {"kind": "duplicate"}),
    ("Webhooks come backwards", {"kind": "reorder"}),
    ("Webhooks never come", {"kind": "drop"}),
    ("Checkout pages can’t be opened", {"kind": "error", "only": "POST /v1/checkout/sessions", "status": "503"}),
    ("Refunds happen, the answer is lost", {"kind": "timeout", "only": "POST /v1/refunds"}),
    ("Transfers happen, the answer is lost", {"kind": "timeout", "only": "POST /v1/transfers"}),
    ("Transfers are refused: not enough money", {"kind": "refuse", "only": "POST /v1/transfers"}),
    ("Reversals are refused: not enough money", {"kind": "refuse", "only": "POST /v1/transfers/*/reversals"}),
    ("Stripe is down", {"kind": "error", "status": "503"}),
    ("Stripe answers one call in five with an error", {"kind": "error", "percent": "20"}),
)


def body(world: World) -> str:
    """Give the page's content."""
    waiting = [_row(fault) for fault in world.faults.list()]
    now = table(("What goes wrong", "On", "How long", "Calls", ""), waiting) if waiting else empty("All goes well.")
    clear = form("faults/clear", button("Switch all off", kind="quiet"), back="faults") if waiting else ""
    switches = "".join(f"<li><span>{e(text)}</span>{_switch(fault)}</li>" for text, fault in SWITCHES)
    return (
        f'<h2>Now</h2>{now}{clear}<h2>Switches</h2><p class="lead">Each stays on until it is switched off above.</p>'
        f'<ul class="switches">{switches}</ul><h2>Any other</h2>{_any()}'
    )


def _switch(fault: dict[str, Any]) -> str:
    fields = {"times": "0", **fault}
    hidden = "".join(f'<input type="hidden" name="{name}" value="{e(value)}">' for name, value in fields.items())
    return form("faults", hidden, button("Switch on"), back="faults")


def _row(fault: dict[str, Any]) -> tuple[str, ...]:
    notes = {"delay": f"{fault['seconds']:g} s", "refuse": fault["code"], "error": fault["status"]}
    what = f"<strong>{fault['kind']}</strong><small>{e(KINDS[fault['kind']].replace('`', ''))}</small>"
    note = f" {badge(str(notes[fault['kind']]))}" if fault["kind"] in notes else ""
    only = f"<code>{e(fault['only'])}</code>" if fault["only"] else "everything"
    left = f"{fault['times']} more" if fault["times"] else "until switched off"
    off = form("faults/remove", button("Switch off", name="id", value=str(fault["id"])), back="faults")
    return what + note, only, left, f"{fault['percent']} %", off


def _any() -> str:
    groups = "".join(
        f'<optgroup label="{label}">'
        + "".join(
            f'<option value="{kind}">{kind} – {e(text.replace("`", ""))}</option>' for kind, text in kinds.items()
        )
        + "</optgroup>"
        for label, kinds in (("Calls of the API", API_FAULTS), ("Webhooks", WEBHOOK_FAULTS))
    )
    return form(
        "faults",
        f'<label class="full">What goes wrong<select name="kind">{groups}</select></label>',
        field("only", "Only for (path or event type; * for anything)"),
        field("times", "Times (0: until switched off)", "1", "numeric"),
        field("percent", "Percent of the calls", "100", "numeric"),
        field("seconds", "Seconds (delay, timeout)", "0", "decimal"),
        field("status", "Status (error, broken)", "500", "numeric"),
        field("code", "Code (refuse)", "balance_insufficient"),
        button("Add", kind="main"),
        css="row grid", back="faults",
    )  # fmt: skip

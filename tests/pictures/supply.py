"""The supplier's office, signed in as its chief."""

from __future__ import annotations

from datetime import timedelta

from enablement.models import ServiceTask
from enablement.services import providers
from s2b2c.kernel import clock
from tests.pictures.camera import Camera
from tests.pictures.walk import deeper, walk

STARTS = ("/",)
DEEPER = {
    "return-decide": "/returns/?state=requested",
    "return-inspect": "/returns/?state=received",
    "return-on-its-way": "/returns/?state=shipped",
    "return-closed": "/returns/?state=closed",
    "claim": "/returns/?claim=open",
    "dispute-open": "/disputes/?state=needs_response",
    "dispute-lost": "/disputes/?state=lost",
    "run-draft": "/settlement/?state=draft",
    "run-released": "/settlement/?state=released",
    "payout-failed": "/settlement/payouts/?state=failed",
    "transfer-sent": "/stock/transfers/?state=sent",
    "transfer-received": "/stock/transfers/?state=received",
    "count-open": "/stock/counts/?state=open",
    "count-posted": "/stock/counts/?state=posted",
    "arrival": "/stock/arrivals/",
    "plan-ready": "/buying/plans/?state=done",
    "plan-settled": "/buying/plans/?state=settled",
    "round-open": "/buying/rounds/?state=open",
    "round-reached": "/buying/rounds/?state=reached",
    "order-cash-due": "/cash/",
    "service-offered": "/network/?state=offered",
    "service-done": "/network/?state=done",
    "provider-applied": "/network/providers/?state=applied",
    "help-open": "/help/?state=open&turn=supplier",
    "help-with-shop": "/help/?state=open&turn=shop",
    "help-closed": "/help/?state=closed",
    "bundle": "/catalogue/?bundle=made",
    "bundle-part": "/catalogue/?bundle=parts",
    "bundle-stock": "/stock/?q=HL-EVE-SET",
    "lot-held": "/quality/lots/?state=held",
    "inspection-due": "/quality/inspections/?state=due",
    "inspection-rejected": "/quality/inspections/?state=rejected",
    "complaint-open": "/quality/complaints/?state=open",
}


def shoot(camera: Camera) -> None:
    camera.attempt(lambda: _provider(camera))
    page = camera.page()
    camera.sign_in(page, "supply")
    walk(camera, page, "supply", STARTS, "s2b2c.urls.supply")
    deeper(camera, page, "supply", DEEPER)
    day = (clock.now() - timedelta(days=20)).date().isoformat()
    camera.go(page, "supply", f"/ledger/?on={day}", "ledger-of-a-day")


def _provider(camera: Camera) -> None:
    """What a provider sees on its phone, who came by its link: home, a task it handed in, its profile, its bank."""
    page = camera.page()
    for path in ("/provider/apply/", "/provider/in/"):
        camera.go(page, "supply", path, path.strip("/").replace("/", "-"))
    done = ServiceTask.objects.filter(state=ServiceTask.State.DONE).select_related("provider").latest("id")
    assert done.provider is not None
    camera.go(page, "supply", f"/provider/in/{providers.link(done.provider)}/", "provider-home")
    for name, path in (("task", f"tasks/{done.number}/"), ("me", "me/"), ("bank", "bank/")):
        camera.go(page, "supply", f"/provider/{path}", f"provider-{name}")

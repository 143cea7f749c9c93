"""The courier: signs events and brings them to the webhook, again and again until it is answered 2xx."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from stripe import WebhookSignature

from tests.fakestripe.resources import checkout, disputes, payouts
from tests.fakestripe.store import Record
from tests.fakestripe.world import World, public

RETRY_AFTER = (1, 2, 5, 15, 60, 300, 900)  # seconds; Stripe itself goes on for three days
Receiver = Callable[[bytes, str], int]


@dataclass(frozen=True)
class Sent:
    """One delivery: what was sent and how it was answered (0: not at all)."""

    event_id: str
    type: str
    status: int


class Courier:
    """Delivers what is queued in the world's store.

    ``deliver`` brings everything that waits, once, in this thread. ``start`` begins a thread that
    does so as events happen, with retries.
    """

    def __init__(self, world: World, webhook_url: str = "") -> None:
        self.world = world
        self.webhook_url = webhook_url
        self._wake = threading.Event()
        self._stop = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Deliver from now on without being asked."""
        self.world.on_event = self._wake.set
        self._thread = threading.Thread(target=self._run, name="fakestripe-courier", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; what is queued stays queued."""
        self._stop = True
        self._wake.set()
        if self._thread:
            self._thread.join(timeout=15)

    def _run(self) -> None:
        while not self._stop:
            self._wake.wait(timeout=0.5)
            self._wake.clear()
            with self.world.lock:
                for resource in (checkout, payouts, disputes):
                    resource.age(self.world)
                self.world.commit()
            self.deliver(patient=True)

    def deliver(self, receiver: Receiver | None = None, *, patient: bool = False) -> list[Sent]:
        """Deliver what waits; what isn't answered 2xx waits on.

        ``receiver(body, signature) -> status`` takes the place of HTTP to the webhook URL. ``patient``
        keeps to the times of retries; a delay asked for as a fault is always kept.
        """
        receiver = receiver or self._post
        return [self._bring(event, receiver) for event in self._due(patient)]

    def resend(self, event_id: str) -> None:
        """Queue an event again, as the dashboard's button does. :raises ApiError: there is none."""
        with self.world.lock:
            event = self.world.get(event_id, "event")
            self.world.store.put({"id": event["id"], "tries": 1, "not_before": 0, "retry_at": 0}, "deliveries")
            self.world.commit()

    def _due(self, patient: bool) -> list[Record]:
        """Choose what to send now, with the faults that fall on it."""
        world, chosen = self.world, []
        with world.lock:
            now, faults = world.clock(), world.faults
            for delivery in list(world.store.deliveries.values()):
                event = world.store.objects[delivery["id"]]
                if delivery["tries"] == 0 and not self._survives(delivery, event["type"], now):
                    continue
                if delivery["not_before"] > now or (patient and delivery["retry_at"] > now):
                    continue
                twin = faults.take("duplicate", event["type"])
                chosen += [event] * (twin.copies if twin else 1)
            if len({event["id"] for event in chosen}) > 1 and faults.take("reorder", ""):
                chosen.reverse()
            world.store.commit()
        return chosen

    def _survives(self, delivery: Record, type_: str, now: float) -> bool:
        store, faults = self.world.store, self.world.faults
        if delivery["not_before"] == 0:
            if faults.take("drop", type_):
                store.drop(delivery["id"], "deliveries")
                return False
            late = faults.take("delay", type_)
            delivery["not_before"] = now + late.seconds if late else -1
            store.put(delivery, "deliveries")
        return True

    def _bring(self, event: Record, receiver: Receiver) -> Sent:
        body = json.dumps(public(event), indent=2, ensure_ascii=False)
        signature = WebhookSignature.generate_signature_header(body, self.world.secret)
        try:
            status = receiver(body.encode(), signature)
        except (OSError, http.client.HTTPException):
            status = 0
        with self.world.lock:
            self._note(event, status)
            self.world.store.commit()
        return Sent(event["id"], event["type"], status)

    def _note(self, event: Record, status: int) -> None:
        store = self.world.store
        event["_answers"] = [*event.get("_answers", []), status]
        delivery = store.deliveries.get(event["id"])
        if 200 <= status < 300:
            event["pending_webhooks"] = 0
            store.drop(event["id"], "deliveries")
        elif delivery is not None:
            tries = delivery["tries"] + 1
            wait = RETRY_AFTER[min(tries, len(RETRY_AFTER)) - 1]
            store.put(delivery | {"tries": tries, "retry_at": self.world.clock() + wait}, "deliveries")
        store.put(event)

    def _post(self, body: bytes, signature: str) -> int:
        if not self.webhook_url:
            return 204
        url = urlsplit(self.webhook_url)
        host = url.hostname or "localhost"
        kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
        # browsers resolve *.localhost, Python does not
        connection = kind("127.0.0.1" if host.endswith("localhost") else host, url.port, timeout=10)
        headers = {
            "Host": url.netloc,
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature,
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        try:
            connection.request("POST", url.path or "/", body, headers)
            return connection.getresponse().status
        finally:
            connection.close()

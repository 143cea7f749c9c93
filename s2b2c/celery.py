"""The Celery application. Messages carry nothing but ids: the truth is in PostgreSQL."""

from __future__ import annotations

import os

from celery import Celery
from kombu.transport.redis import Channel, QoS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s2b2c.settings")

app = Celery("s2b2c")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


class _Forgetful(QoS):
    """Lets go of messages whose Redis went away while their tasks ran.

    The one it replaces puts them back, or acknowledges them, on a connection that is closed by then, and the worker
    dies of it. No message is worth that: each says only "look what is due", and the clock says it again.
    """

    restore_at_shutdown = False

    def ack(self, delivery_tag: str) -> None:
        if self.channel.connection is not None:
            super().ack(delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        if self.channel.connection is not None:
            super().reject(delivery_tag, requeue=requeue)


Channel.QoS = _Forgetful

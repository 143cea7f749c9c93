from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "s2b2c.outbox"
    label = "outbox"

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "s2b2c.api"
    label = "api"

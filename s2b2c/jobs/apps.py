from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "s2b2c.jobs"
    label = "jobs"

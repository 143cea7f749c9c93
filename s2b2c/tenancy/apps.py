from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "s2b2c.tenancy"
    label = "tenancy"

    def ready(self) -> None:
        from s2b2c.tenancy import checks  # noqa: F401  (registers the system checks)

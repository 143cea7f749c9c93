from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "s2b2c.accounts"
    label = "accounts"

from django.apps import AppConfig


class SettlementsConfig(AppConfig):
    name = "bocage.settlements"
    label = "settlements"
    default_auto_field = "django.db.models.BigAutoField"

from django.apps import AppConfig


class FulfilmentConfig(AppConfig):
    name = "bocage.fulfilment"
    default_auto_field = "django.db.models.BigAutoField"

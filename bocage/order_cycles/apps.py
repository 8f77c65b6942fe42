from django.apps import AppConfig


class OrderCyclesConfig(AppConfig):
    name = "bocage.order_cycles"
    default_auto_field = "django.db.models.BigAutoField"

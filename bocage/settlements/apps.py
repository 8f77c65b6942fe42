from django.apps import AppConfig

from bocage.infra import frozen


class SettlementsConfig(AppConfig):
    name = "bocage.settlements"
    label = "settlements"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        frozen.keep(self, "Frozen", "Payment")

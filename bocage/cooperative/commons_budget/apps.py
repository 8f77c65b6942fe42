from django.apps import AppConfig

from bocage.infra import frozen


class CommonsBudgetConfig(AppConfig):
    name = "bocage.cooperative.commons_budget"
    label = "commons_budget"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the database guard what was booked and published."""
        frozen.keep(self, "Booking", "Publication")

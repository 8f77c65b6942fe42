from django.apps import AppConfig

from bocage.infra import frozen


class InvoicingConfig(AppConfig):
    name = "bocage.invoicing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        frozen.keep(self, "Document", "Covered", "Paper", "Status")

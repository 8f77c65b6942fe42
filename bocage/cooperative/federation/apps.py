from django.apps import AppConfig

from bocage.infra import frozen


class FederationConfig(AppConfig):
    name = "bocage.cooperative.federation"
    label = "federation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the database guard what was decided and said."""
        frozen.keep(self, "Decision", "FeedEntry")

from django.apps import AppConfig


class FulfilmentConfig(AppConfig):
    name = "bocage.fulfilment"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bring the barn's acts to the orders."""
        from bocage.fulfilment import acts

        acts.add()

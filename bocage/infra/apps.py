from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps


class InfraConfig(AppConfig):
    name = "bocage.infra"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load every app's `subscribers.py`, so that each process that emits a fact knows who listens."""
        for app in apps.get_app_configs():
            if app.name.startswith("bocage.") and find_spec(f"{app.name}.subscribers"):
                import_module(f"{app.name}.subscribers")

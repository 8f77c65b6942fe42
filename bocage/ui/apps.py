from typing import Any

from django.apps import AppConfig
from django.utils.autoreload import BaseReloader, autoreload_started


class UiConfig(AppConfig):
    name = "bocage.ui"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        autoreload_started.connect(_watch_components)


def _watch_components(sender: BaseReloader, **kwargs: Any) -> None:
    from bocage.ui.components import FOLDER

    sender.watch_dir(FOLDER, "**/*.html")

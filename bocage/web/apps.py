from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "bocage.web"
    default_auto_field = "django.db.models.BigAutoField"

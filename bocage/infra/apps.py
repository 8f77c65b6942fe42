from django.apps import AppConfig


class InfraConfig(AppConfig):
    name = "bocage.infra"
    default_auto_field = "django.db.models.BigAutoField"

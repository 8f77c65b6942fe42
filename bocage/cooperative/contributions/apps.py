from django.apps import AppConfig


class ContributionsConfig(AppConfig):
    name = "bocage.cooperative.contributions"
    label = "contributions"
    default_auto_field = "django.db.models.BigAutoField"

from django.apps import AppConfig


class CommonsBudgetConfig(AppConfig):
    name = "bocage.cooperative.commons_budget"
    label = "commons_budget"
    default_auto_field = "django.db.models.BigAutoField"

from django.apps import AppConfig


class AssortmentConfig(AppConfig):
    name = "bocage.assortment"
    default_auto_field = "django.db.models.BigAutoField"

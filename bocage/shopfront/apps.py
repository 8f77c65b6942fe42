from django.apps import AppConfig


class ShopfrontConfig(AppConfig):
    name = "bocage.shopfront"
    default_auto_field = "django.db.models.BigAutoField"

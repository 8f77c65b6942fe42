"""Orders to farms: hub/<slug>/supplier-orders/ for the hub, supplier-orders/<key>/ for the farm."""

from django.urls import path

from bocage.fulfilment.views import supplying

app_name = "supplier_orders"
HUB, FARM = "hub/<slug:slug>/supplier-orders/", "supplier-orders/<str:key>/"
urlpatterns = [
    path(HUB, supplying.orders, name="list"),
    path(f"{HUB}telling/", supplying.telling, name="telling"),
    path(f"{HUB}<int:order_id>/", supplying.order, name="order"),
    path(f"{HUB}<int:order_id>/order.<slug:kind>", supplying.order_file, name="order_file"),
    path(FARM, supplying.farm_paper, name="paper"),
    path(f"{FARM}confirmation/", supplying.confirmation, name="confirmation"),
    path(f"{FARM}order.<slug:kind>", supplying.farm_file, name="file"),
]

"""Orders' addresses: the hub's pages and the shopper's, under one name."""

from bocage.orders.urls import hub, shopper

app_name = "orders"
urlpatterns = [*hub.urlpatterns, *shopper.urlpatterns]

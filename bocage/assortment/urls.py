"""hub/<slug>/products/table/: all goods as a table, on a page and as files."""

from django.urls import path

from bocage.assortment.views import table

app_name = "assortment"
urlpatterns = [
    path("hub/<slug:slug>/products/table/", table.products, name="table"),
    path("hub/<slug:slug>/products/table/<int:variant_id>/", table.edit, name="row"),
    path("hub/<slug:slug>/products/table/<int:variant_id>/cell/", table.cell, name="cell"),
]

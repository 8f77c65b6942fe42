"""hub/<slug>/products/table/: all goods as a table, on a page and as files."""

from django.urls import path

from bocage.assortment.views import files, resale, table

app_name = "assortment"
urlpatterns = [
    path("hub/<slug:slug>/products/table/", table.products, name="table"),
    path("hub/<slug:slug>/products/table/<int:variant_id>/", table.edit, name="row"),
    path("hub/<slug:slug>/products/table/<int:variant_id>/cell/", table.cell, name="cell"),
    path("hub/<slug:slug>/products/resale/<int:variant_id>/", resale.resale, name="resale"),
    path("hub/<slug:slug>/products/files/", files.files, name="files"),
    path("hub/<slug:slug>/products/files/<str:mode>/<str:kind>/", files.export, name="export"),
    path("hub/<slug:slug>/products/imports/<int:import_id>/", files.import_page, name="import"),
    path("hub/<slug:slug>/products/imports/<int:import_id>/application/", files.apply, name="apply"),
    path("hub/<slug:slug>/products/imports/<int:import_id>/undoing/", files.undo, name="undo"),
    path("hub/<slug:slug>/products/imports/<int:import_id>/deletion/", files.drop, name="drop"),
]

"""hub/<slug>/stock/: counting by hand."""

from django.urls import path

from bocage.stock import views

app_name = "stock"
urlpatterns = [
    path("hub/<slug:slug>/stock/", views.stock, name="list"),
    path("hub/<slug:slug>/stock/<int:variant_id>/", views.level, name="level"),
    path("hub/<slug:slug>/stock/<int:variant_id>/producer/", views.pool, name="pool"),
    path("hub/<slug:slug>/stock/<int:variant_id>/own/", views.own, name="own"),
]

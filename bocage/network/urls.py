"""A person's own pages."""

from django.urls import path

from bocage.network import views

app_name = "network"
urlpatterns = [
    path("", views.account, name="account"),
    path("profile/", views.profile, name="profile"),
    path("claims/", views.claims, name="claims"),
    path("data.json", views.data, name="data"),
    path("addresses/new/", views.new_address, name="new_address"),
    path("addresses/<int:address_id>/", views.address, name="address"),
    path("addresses/<int:address_id>/deletion/", views.address_deletion, name="address_deletion"),
]

"""hub/<slug>/products/: goods and their sizes."""

from django.urls import path

from bocage.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("hub/<slug:slug>/products/", views.products, name="products"),
    path("hub/<slug:slug>/products/new/", views.new_product, name="new_product"),
    path("hub/<slug:slug>/products/properties/", views.properties, name="properties"),
    path("hub/<slug:slug>/products/copies/", views.copies, name="copies"),
    path("hub/<slug:slug>/products/<int:product_id>/", views.product, name="product"),
    path("hub/<slug:slug>/products/<int:product_id>/photo/", views.photo, name="photo"),
    path("hub/<slug:slug>/products/<int:product_id>/drawing/", views.drawing, name="drawing"),
    path("hub/<slug:slug>/products/<int:product_id>/withdrawal/", views.withdraw_product, name="withdraw_product"),
    path("hub/<slug:slug>/products/<int:product_id>/sizes/new/", views.new_size, name="new_size"),
    path("hub/<slug:slug>/products/<int:product_id>/sizes/<int:variant_id>/", views.size, name="size"),
    path(
        "hub/<slug:slug>/products/<int:product_id>/sizes/<int:variant_id>/withdrawal/",
        views.withdraw_size,
        name="withdraw_size",
    ),
]

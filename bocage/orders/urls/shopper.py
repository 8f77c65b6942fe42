"""An order as its customer sees it, by its signed link or in their account."""

from django.urls import path

from bocage.orders.views import shopper as views

urlpatterns = [
    path("account/orders/", views.mine, name="mine"),
    path("order/<str:ref>/<str:token>/", views.show, name="page"),
    path("order/<str:ref>/<str:token>/quantities/", views.quantities, name="page_quantities"),
    path("order/<str:ref>/<str:token>/cancellation/", views.cancellation, name="page_cancellation"),
    path("order/<str:ref>/<str:token>/pickup.ics", views.ics, name="ics"),
]

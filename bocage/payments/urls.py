"""payments/events/<provider>/: where providers tell what happened."""

from django.urls import path

from bocage.payments import views

app_name = "payments"
urlpatterns = [path("payments/events/<slug:provider>/", views.event, name="event")]

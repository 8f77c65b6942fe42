"""The machine's addresses, mounted under `web:`."""

from django.urls import path

from bocage.web.machine import views

urlpatterns = [
    path("machine/", views.machine, name="machine"),
    path("machine/tries/", views.tries, name="machine_tries"),
    path("health/work/", views.work, name="health_work"),
]

"""The dashboard's address, mounted under `web:`."""

from django.urls import path

from bocage.web.dashboard.views import dashboard

urlpatterns = [path("hub/<slug:slug>/", dashboard, name="dashboard")]

"""Instances that share one software: its addresses."""

from django.urls import path

from bocage.cooperative.federation.views import sharing

app_name = "federation"
urlpatterns = [
    path("commons/sharing/", sharing.sharing, name="sharing"),
    path("commons/sharing/<slug:form>/", sharing.sharing_file, name="sharing_file"),
]

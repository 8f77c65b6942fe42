"""Instances that share one software: its addresses."""

from django.urls import path

from bocage.cooperative.federation.views import feeds, sharing

app_name = "federation"
urlpatterns = [
    path("commons/sharing/", sharing.sharing, name="sharing"),
    path("commons/sharing/<slug:form>/", sharing.sharing_file, name="sharing_file"),
    path(".well-known/commons-federation.json", feeds.about, name="about"),
    path("federation/v1/entries", feeds.entries, name="entries"),
    path("federation/v1/head", feeds.head, name="head"),
]

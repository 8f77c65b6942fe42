"""Probes: its addresses."""

from django.urls.resolvers import URLPattern

app_name = "availability"
urlpatterns: list[URLPattern] = []

"""Contributions: its addresses."""

from django.urls.resolvers import URLPattern

app_name = "contributions"
urlpatterns: list[URLPattern] = []

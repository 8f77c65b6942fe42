"""Instances that share one software: its addresses."""

from django.urls.resolvers import URLPattern

app_name = "federation"
urlpatterns: list[URLPattern] = []

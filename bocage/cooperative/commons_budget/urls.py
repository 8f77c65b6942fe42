"""The public accounts of an instance: its addresses."""

from django.urls.resolvers import URLPattern

app_name = "commons_budget"
urlpatterns: list[URLPattern] = []

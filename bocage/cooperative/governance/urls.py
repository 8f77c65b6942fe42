"""Members: its addresses."""

from django.urls.resolvers import URLPattern

app_name = "governance"
urlpatterns: list[URLPattern] = []

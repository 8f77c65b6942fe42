"""Lines of bank statements: its addresses."""

from django.urls.resolvers import URLPattern

app_name = "bank"
urlpatterns: list[URLPattern] = []

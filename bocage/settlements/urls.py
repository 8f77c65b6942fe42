"""What each farm is owed for a sale: its addresses."""

from django.urls.resolvers import URLPattern

app_name = "settlements"
urlpatterns: list[URLPattern] = []

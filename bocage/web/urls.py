"""All addresses, put together."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("mail/", include("bocage.messages.urls")),
]

"""Addresses for this app's own tests: its pages without those of any other."""

from django.urls import include, path
from django.views import defaults

from bocage.ui import views

web = (
    [
        path("styleguide/", views.styleguide, name="styleguide"),
        path("styleguide/hub/", views.styleguide_hub, name="styleguide_hub"),
        path("styleguide/paper/", views.styleguide_paper, name="styleguide_paper"),
    ],
    "web",
)
urlpatterns = [
    path("", include(web)),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("forbidden/", defaults.permission_denied, {"exception": Exception()}),
]

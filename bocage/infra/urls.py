"""media/: what was uploaded."""

from django.urls import path

from bocage.infra.media import media

app_name = "infra"
urlpatterns = [path("media/<path:path>", media, name="media")]

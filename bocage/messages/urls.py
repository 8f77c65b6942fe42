"""mail/: the list, one mail, and its HTML alone."""

from django.urls import path

from bocage.messages import views

app_name = "messages"
urlpatterns = [
    path("", views.outbox, name="outbox"),
    path("<int:message_id>/", views.show, name="show"),
    path("<int:message_id>/html/", views.html, name="html"),
]

"""begin/: the first page of an empty platform."""

from django.urls import path

from bocage.web.beginning import views

urlpatterns = [path("begin/", views.begin, name="begin")]

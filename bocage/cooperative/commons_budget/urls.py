"""The public accounts of an instance: its addresses."""

from django.urls import path

from bocage.cooperative.commons_budget.views import keeping, public

app_name = "commons_budget"
urlpatterns = [
    path("commons/", public.commons, name="commons"),
    path("commons/accounts/<slug:form>/", public.commons_file, name="commons_file"),
    path("commons/published/<slug:period>/", public.published, name="published"),
    path("hub/<slug:slug>/commons/", keeping.bookings, name="bookings"),
    path("hub/<slug:slug>/commons/<int:booking_id>/reversal/", keeping.reversal, name="reversal"),
    path("hub/<slug:slug>/commons/budget/<int:year>/", keeping.budget, name="budget"),
    path("hub/<slug:slug>/commons/grants/", keeping.grants, name="grants"),
    path("hub/<slug:slug>/commons/publications/", keeping.publications, name="publications"),
    path("hub/<slug:slug>/commons/publications/next/", keeping.publish, name="publish"),
]

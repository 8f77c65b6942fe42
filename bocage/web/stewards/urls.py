"""platform/: what stewards set, and the logged door by which they help a person."""

from django.urls import path

from bocage.web.stewards import views

urlpatterns = [
    path("platform/", views.instance, name="instance"),
    path("platform/terms/", views.terms, name="instance_terms"),
    path("platform/taxes/", views.taxes, name="instance_taxes"),
    path("platform/shelves/", views.shelves, name="instance_shelves"),
    path("platform/features/", views.switches, name="instance_switches"),
    path("platform/people/", views.people, name="instance_people"),
    path("platform/people/<int:person_id>/visit/", views.visit, name="visit"),
    path("platform/visit/end/", views.visit_end, name="visit_end"),
]

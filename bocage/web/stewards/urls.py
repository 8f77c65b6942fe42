"""platform/: what stewards set, and the logged door by which they help a person."""

from django.urls import path

from bocage.web.stewards import views

urlpatterns = [
    path("platform/", views.instance, name="instance"),
    path("platform/links/", views.links, name="instance_links"),
    path("platform/mail/", views.test_mail, name="instance_test_mail"),
    path("platform/terms/", views.terms, name="instance_terms"),
    path("platform/terms/asking/", views.asking, name="instance_asking"),
    path("platform/texts/<slug:kind>/", views.text, name="instance_text"),
    path("platform/taxes/", views.taxes, name="instance_taxes"),
    path("platform/taxes/rates/", views.tax_rates, name="instance_tax_rates"),
    path("platform/taxes/rates/<int:period_id>/taking-back/", views.tax_rate_back, name="instance_tax_rate_back"),
    path("platform/taxes/zones/", views.tax_zones, name="instance_tax_zones"),
    path("platform/taxes/zones/<int:zone_id>/", views.tax_zones, name="instance_tax_zone"),
    path("platform/taxes/zones/<int:zone_id>/end/", views.tax_zone_end, name="instance_tax_zone_end"),
    path("platform/shelves/", views.shelves, name="instance_shelves"),
    path("platform/features/", views.switches, name="instance_switches"),
    path("platform/people/", views.people, name="instance_people"),
    path("platform/people/<int:person_id>/visit/", views.visit, name="visit"),
    path("platform/people/<int:person_id>/forgetting/", views.forgetting, name="forgetting"),
    path("platform/visit/end/", views.visit_end, name="visit_end"),
]

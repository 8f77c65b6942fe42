"""The book of an enterprise, and the key that closings are signed with."""

from django.urls import path

from bocage.ledger import accounting_views, views

app_name = "ledger"
urlpatterns = [
    path("hub/<slug:slug>/books/", views.journal, name="journal"),
    path("hub/<slug:slug>/books/entries/<int:number>/", views.entry, name="entry"),
    path("hub/<slug:slug>/books/accounts/<int:account_id>/", views.account, name="account"),
    path("hub/<slug:slug>/books/closings/", views.closings, name="closings"),
    path("hub/<slug:slug>/books/archive/<int:year>/", views.archive, name="archive"),
    path("hub/<slug:slug>/books/attestation/", views.attestation, name="attestation"),
    path("hub/<slug:slug>/books/accounting/", accounting_views.accounting, name="accounting"),
    path("hub/<slug:slug>/books/accounting/numbers/", accounting_views.numbers, name="account_numbers"),
    path("hub/<slug:slug>/books/accounting/<slug:form>/", accounting_views.accounting_file, name="accounting_file"),
    path("ledger-key/", views.key, name="key"),
]

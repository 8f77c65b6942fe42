"""Invoices of a hub, and one's own."""

from django.urls import path

from bocage.invoicing.views import hub, mine

app_name = "invoicing"
urlpatterns = [
    path("hub/<slug:slug>/invoices/", hub.invoices, name="list"),
    path("hub/<slug:slug>/invoices/all.zip", hub.bundle, name="bundle"),
    path("hub/<slug:slug>/invoices/all.pdf", hub.copies, name="copies"),
    path("hub/<slug:slug>/invoices/<str:number>.pdf", hub.pdf, name="pdf"),
    path("hub/<slug:slug>/invoices/<str:number>.xml", hub.xml, name="xml"),
    path("hub/<slug:slug>/settings/invoices/", hub.settings, name="settings"),
    path("hub/<slug:slug>/customers/<int:customer_id>/invoicing/", hub.identity, name="identity"),
    path("account/invoices/", mine.mine, name="mine"),
    path("account/invoices/<int:document_id>.pdf", mine.pdf, name="mine_pdf"),
]

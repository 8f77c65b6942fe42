"""Contributions: its addresses."""

from django.urls import path

from bocage.cooperative.contributions.views import office, shop

app_name = "contributions"
urlpatterns = [
    path("hub/<slug:slug>/contribution/", shop.live, name="live"),
    path("hub/<slug:slug>/contribution/plan/", shop.plan, name="plan"),
    path("hub/<slug:slug>/contribution/free/", shop.free, name="free"),
    path("hub/<slug:slug>/contribution/solidarity/", shop.solidarity, name="solidarity"),
    path("hub/<slug:slug>/contribution/<str:month>.csv", shop.csv, name="csv"),
    path("hub/<slug:slug>/contribution/<str:number>.pdf", shop.pdf, name="pdf"),
    path("hub/<slug:slug>/contribution/bills/<int:bill_id>/instalments/", shop.instalments, name="instalments"),
    path("hub/<slug:slug>/contribution/<str:month>/", shop.statement, name="statement"),
    path("hub/<slug:slug>/contribution/<str:month>/questions/<int:order_id>/", shop.ask, name="ask"),
    path("cooperative/contributions/", office.desk, name="desk"),
    path("cooperative/contributions/tariff/", office.tariff, name="tariff"),
    path("cooperative/contributions/payments/", office.payment, name="payment"),
    path("cooperative/contributions/questions/<int:contest_id>/", office.answer, name="answer"),
    path("cooperative/contributions/bills/<int:bill_id>/notices/", office.notice, name="notice"),
    path("cooperative/contributions/bills/<int:bill_id>/restriction/", office.restriction, name="restriction"),
    path("cooperative/contributions/solidarity/<int:grant_id>/", office.grant, name="grant"),
    path("cooperative/contributions/<str:month>/", office.month, name="month"),
]

"""An order as its customer sees it, by its signed link or in their account."""

from django.urls import path

from bocage.orders.views import accounts, cards, gifts, invoices, paying
from bocage.orders.views import shopper as views

urlpatterns = [
    path("account/orders/", views.mine, name="mine"),
    path("gifts/<slug:slug>/", gifts.gift, name="gift"),
    path("gifts/<slug:slug>/balance/", gifts.gift_left, name="gift_left"),
    path("gifts/<slug:slug>/<str:token>/paying/", gifts.gift_paying, name="gift_paying"),
    path("account/balances/", accounts.mine, name="accounts"),
    path("account/balances/<slug:slug>/", accounts.my_account, name="my_account"),
    path("account/balances/<slug:slug>/paying/", accounts.my_account_paying, name="my_account_paying"),
    path("account/balances/<slug:slug>/statement.csv", accounts.my_account_csv, name="my_account_csv"),
    path("account/balances/<slug:slug>/statement.pdf", accounts.my_account_pdf, name="my_account_pdf"),
    path("account/cards/", cards.cards, name="cards"),
    path("account/cards/<int:card_id>/end/", cards.take_back, name="card_end"),
    path("order/<str:ref>/<str:token>/", views.show, name="page"),
    path("order/<str:ref>/<str:token>/quantities/", views.quantities, name="page_quantities"),
    path("order/<str:ref>/<str:token>/cancellation/", views.cancellation, name="page_cancellation"),
    path("order/<str:ref>/<str:token>/payment/", paying.pay, name="page_payment"),
    path("order/<str:ref>/<str:token>/paying/", paying.paying, name="paying"),
    path("order/<str:ref>/<str:token>/payment/return/", paying.payment_return, name="payment_return"),
    path("order/<str:ref>/<str:token>/payment/way/", paying.other_way, name="page_other_way"),
    path("order/<str:ref>/<str:token>/receipt.pdf", invoices.shopper_receipt, name="page_receipt"),
    path("order/<str:ref>/<str:token>/invoices/<int:document_id>.pdf", invoices.shopper_invoice, name="page_invoice"),
    path("order/<str:ref>/<str:token>/pickup.ics", views.ics, name="ics"),
]

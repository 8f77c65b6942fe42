"""A hub's orders: list, page, and each thing that may be done to an order."""

from django.urls import path

from bocage.orders.views import accounts, acts, farmlines, gifts, invoices, lines, online, phone, terms
from bocage.orders.views import hub as views

urlpatterns = [
    path("hub/<slug:slug>/orders/", views.orders, name="list"),
    path("hub/<slug:slug>/orders/new/", phone.new, name="new"),
    path("hub/<slug:slug>/orders/acts/", acts.acts, name="acts"),
    path("hub/<slug:slug>/orders/acts/new/", acts.preview, name="act_preview"),
    path("hub/<slug:slug>/orders/acts/<str:key>/", acts.act, name="act"),
    path("hub/<slug:slug>/orders/lines/", lines.lines, name="lines"),
    path("hub/<slug:slug>/orders/lines/removal/", lines.removal, name="removal"),
    path("hub/<slug:slug>/orders/lines/<int:line_id>/", lines.line, name="line"),
    path("hub/<slug:slug>/orders/telling/<int:cycle_id>/", lines.telling, name="telling"),
    path("hub/<slug:slug>/orders/shortages/<int:cycle_id>/<int:variant_id>/", lines.shortage, name="shortage"),
    path("hub/<slug:slug>/orders/batches/<int:product_id>/", lines.batch, name="batch"),
    path("hub/<slug:slug>/orders/online/", online.online, name="online"),
    path("hub/<slug:slug>/orders/sheets/", acts.sheets, name="sheets"),
    path("hub/<slug:slug>/orders/filters/", acts.keep_filter, name="keep_filter"),
    path("hub/<slug:slug>/orders/filters/<int:filter_id>/forgetting/", acts.forget_filter, name="forget_filter"),
    path("hub/<slug:slug>/settings/gifts/", gifts.gifts, name="gifts"),
    path("hub/<slug:slug>/settings/gifts/<int:gift_id>/payment/", gifts.gift_paid, name="gift_paid"),
    path("hub/<slug:slug>/settings/farms/", lines.farms, name="farm_access"),
    path("hub/<slug:slug>/our-lines/", farmlines.lines, name="farm_lines"),
    path("hub/<slug:slug>/our-lines/<int:hub_id>/<str:ref>/products/", farmlines.products, name="farm_products"),
    path("hub/<slug:slug>/our-lines/<int:line_id>/", farmlines.line, name="farm_line"),
    path("hub/<slug:slug>/orders/<str:ref>/", views.show, name="show"),
    path("hub/<slug:slug>/orders/<str:ref>/sheet/", views.sheet, name="sheet"),
    path("hub/<slug:slug>/orders/<str:ref>/explained/", views.explained, name="explained"),
    path("hub/<slug:slug>/orders/<str:ref>/payments/", views.payments, name="payments"),
    path("hub/<slug:slug>/orders/<str:ref>/card/", views.charge_card, name="charge_card"),
    path("hub/<slug:slug>/orders/<str:ref>/refunds/", views.refunds, name="refunds"),
    path("hub/<slug:slug>/orders/<str:ref>/quantities/", views.quantities, name="quantities"),
    path("hub/<slug:slug>/orders/<str:ref>/products/", views.products, name="products"),
    path("hub/<slug:slug>/orders/<str:ref>/weights/", views.weights, name="weights"),
    path("hub/<slug:slug>/orders/<str:ref>/hand-over/", terms.hand_over, name="hand_over"),
    path("hub/<slug:slug>/orders/<str:ref>/customer/", terms.customer, name="customer"),
    path("hub/<slug:slug>/orders/<str:ref>/way-to-pay/", terms.payment_way, name="payment_way"),
    path("hub/<slug:slug>/orders/<str:ref>/note/", terms.note, name="note"),
    path("hub/<slug:slug>/orders/<str:ref>/adjustments/", terms.adjustments, name="adjustments"),
    path(
        "hub/<slug:slug>/orders/<str:ref>/adjustments/<int:adjustment_id>/taking-back/",
        terms.adjustment_back,
        name="adjustment_back",
    ),
    path("hub/<slug:slug>/orders/<str:ref>/voucher/", terms.voucher, name="voucher"),
    path("hub/<slug:slug>/orders/<str:ref>/cancellation/", views.cancellation, name="cancellation"),
    path("hub/<slug:slug>/orders/<str:ref>/invoice/", invoices.issue, name="invoice"),
    path("hub/<slug:slug>/orders/<str:ref>/receipt.pdf", invoices.receipt, name="receipt"),
    path("hub/<slug:slug>/customers/<int:customer_id>/account/", accounts.account, name="account"),
    path(
        "hub/<slug:slug>/customers/<int:customer_id>/account/top-ups/", accounts.account_top_up, name="account_top_up"
    ),
    path(
        "hub/<slug:slug>/customers/<int:customer_id>/account/payouts/", accounts.account_pay_out, name="account_pay_out"
    ),
    path(
        "hub/<slug:slug>/customers/<int:customer_id>/account/credits/", accounts.account_credit, name="account_credit"
    ),
    path("hub/<slug:slug>/customers/<int:customer_id>/account/statement.csv", accounts.account_csv, name="account_csv"),
    path("hub/<slug:slug>/customers/<int:customer_id>/account/statement.pdf", accounts.account_pdf, name="account_pdf"),
    path("hub/<slug:slug>/customers/<int:customer_id>/invoicing/month/", invoices.month, name="month_invoice"),
    path("hub/<slug:slug>/orders/<str:ref>/resumption/", views.resumption, name="resumption"),
]

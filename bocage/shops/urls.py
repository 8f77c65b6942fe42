"""hub/<slug>/settings/: the shop's terms, the profile, places, ways to get orders, fees, prices."""

from django.urls import path

from bocage.shops.views import customers, delivery, faces, money, online, payment, ready, tagging, terms, vouchers

app_name = "shops"
urlpatterns = [
    path("hub/<slug:slug>/settings/", terms.shop, name="settings"),
    path("hub/<slug:slug>/customers/", customers.customers, name="customers"),
    path("hub/<slug:slug>/customers/new/", customers.new_customer, name="new_customer"),
    path("hub/<slug:slug>/customers/import/", customers.customers_import, name="customers_import"),
    path("hub/<slug:slug>/customers/export.csv", customers.customers_export, name="customers_export"),
    path("hub/<slug:slug>/customers/<int:customer_id>/", customers.customer, name="customer"),
    path("hub/<slug:slug>/customers/<int:customer_id>/<slug:name>/", customers.customer_cell, name="customer_cell"),
    path("hub/<slug:slug>/ready/", ready.ready, name="ready"),
    path("hub/<slug:slug>/settings/terms/", terms.terms, name="terms"),
    path("hub/<slug:slug>/settings/payment/", payment.payment, name="payment"),
    path("hub/<slug:slug>/settings/payment/new/", payment.payment_method, name="new_payment_method"),
    path("hub/<slug:slug>/settings/payment/debts/", payment.carried_debts, name="carried_debts"),
    path("hub/<slug:slug>/settings/payment/online/", online.online, name="online"),
    path("hub/<slug:slug>/settings/payment/online/return/", online.online_return, name="online_return"),
    path("hub/<slug:slug>/settings/payment/online/end/", online.online_end, name="online_end"),
    path("hub/<slug:slug>/settings/payment/<int:method_id>/", payment.payment_method, name="payment_method"),
    path(
        "hub/<slug:slug>/settings/payment/<int:method_id>/end/", payment.end_payment_method, name="end_payment_method"
    ),
    path("hub/<slug:slug>/settings/appearance/", faces.face, name="face"),
    path("hub/<slug:slug>/settings/appearance/logo/", faces.logo, name="logo"),
    path("hub/<slug:slug>/settings/appearance/sites/", faces.sites, name="sites"),
    path("hub/<slug:slug>/settings/photo/", terms.photo, name="photo"),
    path("hub/<slug:slug>/settings/profile/", terms.profile, name="profile"),
    path("hub/<slug:slug>/settings/delivery/", delivery.delivery, name="delivery"),
    path("hub/<slug:slug>/settings/delivery/points/new/", delivery.point, name="new_point"),
    path("hub/<slug:slug>/settings/delivery/points/<int:point_id>/", delivery.point, name="point"),
    path("hub/<slug:slug>/settings/delivery/points/<int:point_id>/end/", delivery.end_point, name="end_point"),
    path("hub/<slug:slug>/settings/delivery/methods/new/", delivery.method, name="new_method"),
    path("hub/<slug:slug>/settings/delivery/methods/<int:method_id>/", delivery.method, name="method"),
    path("hub/<slug:slug>/settings/delivery/methods/<int:method_id>/end/", delivery.end_method, name="end_method"),
    path("hub/<slug:slug>/settings/rules/", tagging.rules, name="rules"),
    path("hub/<slug:slug>/settings/rules/new/", tagging.rule, name="new_rule"),
    path("hub/<slug:slug>/settings/rules/<int:rule_id>/", tagging.rule, name="rule"),
    path("hub/<slug:slug>/settings/rules/<int:rule_id>/move/", tagging.rule_move, name="rule_move"),
    path("hub/<slug:slug>/settings/rules/<int:rule_id>/removal/", tagging.rule_removal, name="rule_removal"),
    path("hub/<slug:slug>/settings/fees/", money.fees, name="fees"),
    path("hub/<slug:slug>/settings/fees/new/", money.fee, name="new_fee"),
    path("hub/<slug:slug>/settings/fees/<int:fee_id>/", money.fee, name="fee"),
    path("hub/<slug:slug>/settings/fees/<int:fee_id>/end/", money.end_fee, name="end_fee"),
    path("hub/<slug:slug>/settings/vouchers/", vouchers.vouchers, name="vouchers"),
    path("hub/<slug:slug>/settings/vouchers/new/", vouchers.voucher, name="new_voucher"),
    path("hub/<slug:slug>/settings/vouchers/<int:voucher_id>/", vouchers.voucher, name="voucher"),
    path("hub/<slug:slug>/settings/vouchers/<int:voucher_id>/end/", vouchers.end_voucher, name="end_voucher"),
    path("hub/<slug:slug>/settings/prices/", money.prices, name="prices"),
    path("hub/<slug:slug>/settings/prices/<int:variant_id>/", money.price, name="price"),
]

"""shop/<hub>/: products, farms, basket, checkout."""

from django.urls import path

from bocage.shopfront.views import basket, checkout, shop, sight

app_name = "shopfront"
urlpatterns = [
    path("<slug:slug>/", shop.show, name="shop"),
    path("<slug:slug>/farms/", shop.farms, name="farms"),
    path("<slug:slug>/about/", shop.about, name="about"),
    path("<slug:slug>/page/", shop.own, name="own"),
    path("<slug:slug>/contact/", shop.contact, name="contact"),
    path("<slug:slug>/products/<int:product_id>/", shop.product, name="product"),
    path("<slug:slug>/sight/", sight.sight, name="sight"),
    path("<slug:slug>/basket/", basket.show, name="basket"),
    path("<slug:slug>/basket/review/", basket.review, name="review"),
    path("<slug:slug>/basket/clearing/", basket.clear, name="clear"),
    path("<slug:slug>/checkout/who/", checkout.who, name="who"),
    path("<slug:slug>/checkout/pay/", checkout.pay, name="pay"),
    path("<slug:slug>/checkout/confirm/", checkout.confirm, name="confirm"),
    path("<slug:slug>/checkout/voucher/", checkout.voucher, name="voucher"),
]

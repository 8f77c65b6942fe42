"""The barn's addresses."""

from django.urls import path

from bocage.fulfilment.views import exports, goods, packing

app_name = "fulfilment"
urlpatterns = [
    path("", packing.packing, name="packing"),
    path("hand-over/", goods.hand_over_list, name="hand_over_list"),
    path("products/", goods.products, name="products"),
    path("suppliers/", goods.suppliers, name="suppliers"),
    path("sheets/", goods.sheets, name="sheets"),
    path("chosen/<slug:what>.pdf", exports.chosen, name="chosen"),
    path("<slug:what>.csv", exports.csv, name="csv"),
    path("<slug:what>.pdf", exports.pdf, name="pdf"),
    path("<str:ref>/", packing.basket, name="basket"),
    path("<str:ref>/state/", packing.state, name="state"),
    path("<str:ref>/packed/", packing.packed, name="packed"),
    path("<str:ref>/lines/<int:line_id>/tick/", packing.tick, name="tick"),
    path("<str:ref>/lines/<int:line_id>/weight/", packing.weight, name="weight"),
    path("<str:ref>/hand-over/", packing.hand_over, name="hand_over"),
    path("<str:ref>/hand-over/undoing/", packing.hand_over_undone, name="hand_over_undone"),
]

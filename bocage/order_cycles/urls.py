"""hub/<slug>/cycles/: order cycles and their editor."""

from django.urls import path

from bocage.order_cycles.views import exchanges, goods, ours, planning, series

app_name = "order_cycles"
ONE = "hub/<slug:slug>/cycles/<int:cycle_id>/"
SERIES = "hub/<slug:slug>/cycles/series/<int:series_id>/"
SIDE = f"{ONE}exchanges/<int:exchange_id>/"
urlpatterns = [
    path("hub/<slug:slug>/cycles/", planning.cycles, name="list"),
    path("hub/<slug:slug>/cycles/new/", planning.new_cycle, name="new"),
    path(SERIES, series.series, name="series"),
    path(f"{SERIES}pauses/", series.pauses, name="pauses"),
    path(f"{SERIES}pauses/<int:pause_id>/removal/", series.pause_removal, name="pause_removal"),
    path(f"{SERIES}end/", series.series_end, name="series_end"),
    path(f"{ONE}repeat/", series.repeat, name="repeat"),
    path(f"{ONE}model/", series.model, name="model"),
    path(ONE, planning.cycle, name="cycle"),
    path(f"{ONE}opening/", planning.opening, name="opening"),
    path(f"{ONE}closing/", planning.closing, name="closing"),
    path(f"{ONE}reopening/", planning.reopening, name="reopening"),
    path(f"{ONE}copy/", planning.copy, name="copy"),
    path(f"{ONE}deletion/", planning.deletion, name="deletion"),
    path(f"{ONE}fees/", exchanges.fees, name="fees"),
    path(f"{ONE}incoming/", exchanges.incoming, name="incoming"),
    path(f"{ONE}outgoing/", exchanges.outgoing, name="outgoing"),
    path(f"{SIDE}goods/", goods.goods, name="goods"),
    path(f"{SIDE}goods/<int:variant_id>/", goods.tick, name="tick"),
    path(f"{SIDE}rule/", goods.rule, name="rule"),
    path(f"{SIDE}fees/", exchanges.fees, name="side_fees"),
    path(f"{SIDE}instructions/", exchanges.instructions, name="instructions"),
    path(f"{SIDE}hand-overs/", exchanges.hand_overs, name="hand_overs"),
    path(f"{SIDE}terms/", exchanges.terms, name="side_terms"),
    path(f"{ONE}ours/", ours.ours, name="ours"),
    path(f"{ONE}ours/goods/<int:exchange_id>/", ours.goods, name="our_goods"),
    path(f"{ONE}ours/hand-overs/", ours.hand_overs, name="our_hand_overs"),
    path(f"{ONE}ours/terms/", ours.terms, name="our_terms"),
    path(f"{ONE}ours/words/", ours.words, name="our_words"),
    path(f"{SIDE}removal/", exchanges.removal, name="removal"),
]

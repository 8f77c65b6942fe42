"""All addresses, put together."""

from django.urls import include, path

from bocage.network.views.account import language as choose_language
from bocage.ui import views as ui
from bocage.web.beginning.urls import urlpatterns as beginning
from bocage.web.dashboard.urls import urlpatterns as dashboard
from bocage.web.machine.urls import urlpatterns as machine_room
from bocage.web.stewards.urls import urlpatterns as stewards
from bocage.web.views import demo, farms, home, machine, words

ours = [
    path("", home.home, name="home"),
    path("farms/", farms.farms, name="farms"),
    path("farms/<slug:slug>/", farms.farm, name="farm"),
    path("sell/", words.sell, name="sell"),
    path("legal/", words.legal, name="legal"),
    path("legal/<slug:which>/", words.legal, name="legal"),
    path("source/", machine.source, name="source"),
    path("account/", words.account, name="account"),
    path("hub/", words.work, name="work"),
    path("demo/", demo.demo, name="demo"),
    path("demo/session/", demo.be, name="demo_session"),
    path("health/", machine.health, name="health"),
    path("styleguide/", ui.styleguide, name="styleguide"),
    path("styleguide/hub/", ui.styleguide_hub, name="styleguide_hub"),
    path("styleguide/paper/", ui.styleguide_paper, name="styleguide_paper"),
    path("robots.txt", machine.robots, name="robots"),
]

urlpatterns = [
    path("", include(([*ours, *beginning, *dashboard, *machine_room, *stewards], "web"))),
    path("shop/", include("bocage.shopfront.urls")),
    path("", include("bocage.payments.urls")),
    path("", include("bocage.orders.urls")),
    path("", include("bocage.invoicing.urls")),
    path("", include("bocage.order_cycles.urls")),
    path("", include("bocage.assortment.urls")),
    path("", include("bocage.catalogue.urls")),
    path("", include("bocage.stock.urls")),
    path("", include("bocage.shops.urls")),
    path("", include("bocage.ledger.urls")),
    path("hub/<slug:slug>/packing/", include("bocage.fulfilment.urls")),
    path("", include("bocage.fulfilment.supplier_urls")),
    path("", include("bocage.settlements.urls")),
    path("", include("bocage.cooperative.contributions.urls")),
    path("", include("bocage.cooperative.commons_budget.urls")),
    path("", include("bocage.cooperative.federation.urls")),
    path("", include("bocage.cooperative.governance.urls")),
    path("", include("bocage.infra.urls")),
    path("accounts/", include("allauth.urls")),
    path("i18n/setlang/", choose_language, name="set_language"),
    path("", include("bocage.network.urls")),
    path("mail/", include("bocage.messages.urls")),
]

handler404 = "bocage.web.views.not_found"

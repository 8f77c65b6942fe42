from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils.timezone import localtime

from bocage.network.models import Person, Role
from bocage.order_cycles.models import CycleFee, Exchange, ExchangeVariant, HandOver, OrderCycle, Series, SeriesPause
from bocage.order_cycles.tests import make
from bocage.payments.models import PaymentMethod

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def town(client):
    """A hub whose manager is signed in, a farm that agreed with it, and an open cycle of both."""
    hub, farm = make.hub(slug="la-halle"), make.farm("Ferme du Gué", town="Trévéan")
    make.agreement(farm, hub)
    leek = make.variant(make.product(farm))
    now = datetime.now(UTC)
    cycle = make.cycle(hub, opens_at=now - DAY, closes_at=now + DAY)
    incoming, out = make.exchange(cycle, farm, "incoming", [leek]), make.exchange(cycle, hub, "outgoing", [leek])
    anne = make.person(language="en")
    Role.objects.create(person=anne, enterprise=hub, name="manager")
    client.force_login(anne)
    client.cookies["django_language"] = "en"

    class Town:
        pass

    found = Town()
    found.__dict__.update(
        hub=hub, farm=farm, leek=leek, cycle=cycle, incoming=incoming, out=out, now=now, client=client
    )
    return found


def at(town, name, *extra):
    return reverse(f"order_cycles:{name}", args=["la-halle", *extra])


def post(town, route, *extra, **data):
    return town.client.post(at(town, route, town.cycle.pk, *extra), data)


def typed(moment):
    return moment.strftime("%Y-%m-%dT%H:%M")


def test_the_list_shows_the_cycles_by_state(town):
    make.cycle(town.hub, name="Passée", opens_at=town.now - 9 * DAY)

    page = town.client.get(at(town, "list"))

    assert [(str(state), [row.name for row in rows]) for state, rows in page.context["groups"]] == [
        ("open", ["Semaine 41"]),
        ("closed", ["Passée"]),
    ]


def test_the_list_is_searched_by_name_and_by_who_takes_part(town):
    make.cycle(town.hub, name="Passée", opens_at=town.now - 9 * DAY)

    def found(text):
        groups = town.client.get(at(town, "list"), {"q": text}).context["groups"]
        return [row.name for _, rows in groups for row in rows]

    assert [found(text) for text in ("semaine", "gué", "")] == [
        ["Semaine 41"],
        ["Semaine 41"],
        ["Semaine 41", "Passée"],
    ]
    assert "Nothing is called like that" in town.client.get(at(town, "list"), {"q": "xyz"}).content.decode()


def test_the_editor_reads_from_whom_what_to_whom(town):
    page = town.client.get(at(town, "cycle", town.cycle.pk)).content.decode()

    for words in ("From whom?", "What?", "To whom?", "<b>1 farm</b> brings", "<b>1 product</b>,", "Poireaux"):
        assert words in page


def test_a_cycle_is_planned(town):
    data = {"name": "S42", "opens_at": "2026-10-12T08:00", "closes_at": "2026-10-14T20:00"}

    answer = town.client.post(at(town, "new"), data)

    made = OrderCycle.objects.get(name="S42")
    assert (answer.status_code, answer.url) == (303, at(town, "cycle", made.pk))
    assert made.closes_at == datetime(2026, 10, 14, 18, tzinfo=UTC)


def test_dates_in_the_wrong_order_come_back_in_words(town):
    data = {"name": "S42", "opens_at": "2026-10-14T20:00", "closes_at": "2026-10-12T08:00"}
    for address in (at(town, "new"), at(town, "cycle", town.cycle.pk), at(town, "copy", town.cycle.pk)):
        answer = town.client.post(address, data)

        assert answer.status_code == 422
        assert "must close after it opens" in answer.content.decode()

    assert OrderCycle.objects.count() == 1


def test_a_cycle_is_closed_reopened_and_renamed(town):
    post(town, "closing")
    assert OrderCycle.objects.get().closes_at < town.now + DAY

    until = town.now + 2 * DAY
    assert post(town, "reopening", until=typed(until)).status_code == 303
    assert abs(OrderCycle.objects.get().closes_at - until) < timedelta(hours=3)

    edited = post(town, "cycle", name="Semaine 42", opens_at=typed(town.now), closes_at=typed(town.now + 3 * DAY))
    assert (edited.status_code, OrderCycle.objects.get().name) == (303, "Semaine 42")


def test_a_coming_cycle_is_opened(town):
    OrderCycle.objects.update(opens_at=town.now + DAY, closes_at=town.now + 2 * DAY)

    assert post(town, "opening").status_code == 303
    assert OrderCycle.objects.get().opening_told_at is not None


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("opening", {}, "has already opened"),
        ("reopening", {"until": "2099-01-01T08:00"}, "has not closed yet"),
        ("reopening", {"until": "soon"}, "Enter a valid date"),
    ],
)
def test_what_the_state_does_not_allow_comes_back_in_words(town, name, data, words):
    answer = post(town, name, **data)

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_goods_fees_times_and_instructions_are_set_from_the_editor(town):
    kale = make.variant(make.product(town.farm, name="Chou"))
    fee, method = make.fee(town.hub), make.method(town.hub)
    start, end = town.now + 3 * DAY, town.now + 3 * DAY + timedelta(hours=2)

    answers = [
        post(town, "rule", town.incoming.pk, rule="everything"),
        post(town, "goods", town.out.pk, shown=[town.leek.pk, kale.pk], variant_ids=[town.leek.pk]),
        post(town, "fees", fee_ids=[fee.pk]),
        post(town, "side_fees", town.out.pk, fee_ids=[fee.pk]),
        post(town, "instructions", town.incoming.pk, instructions="Porte de derrière", bring_at=typed(start)),
        post(
            town,
            "hand_overs",
            town.out.pk,
            **{f"does_{method.pk}": "on", f"from_{method.pk}": typed(start), f"to_{method.pk}": typed(end)},
        ),
    ]

    assert [answer.status_code for answer in answers] == [303] * 6
    assert Exchange.objects.get(id=town.incoming.pk).carries_all
    assert not ExchangeVariant.objects.filter(exchange=town.out, variant=kale).exists()
    assert list(CycleFee.objects.order_by("id").values_list("exchange_id", flat=True)) == [None, town.out.pk]
    assert Exchange.objects.get(id=town.incoming.pk).instructions == "Porte de derrière"
    assert HandOver.objects.get().method_id == method.pk


def test_a_hub_says_how_it_is_paid_and_tags_the_sale(town):
    PaymentMethod.objects.create(hub=town.hub, kind="on_site", name="Sur place")
    later = PaymentMethod.objects.create(hub=town.hub, kind="transfer", name="Plus tard")

    answer = post(town, "side_terms", town.out.pk, payment_ids=[later.pk], tags="Pro")

    assert answer.status_code == 303
    page = town.client.get(f"{at(town, 'cycle', town.cycle.pk)}?side={town.out.pk}").text
    assert "Paid: Plus tard" in page
    assert 'value="pro"' in page


def test_a_hand_over_without_or_against_time_comes_back_in_words(town):
    method = make.method(town.hub)
    does, start, end = f"does_{method.pk}", f"from_{method.pk}", f"to_{method.pk}"

    missing = post(town, "hand_overs", town.out.pk, **{does: "on"})
    backwards = post(
        town, "hand_overs", town.out.pk, **{does: "on", start: "2026-10-09T19:00", end: "2026-10-09T16:00"}
    )

    assert (missing.status_code, backwards.status_code) == (422, 422)
    assert "Say when." in missing.content.decode()
    assert "must end after it starts" in backwards.content.decode()


def test_forged_goods_and_fees_are_refused(town):
    foreign = make.variant(make.product(make.farm("Autre")))

    goods = post(town, "goods", town.incoming.pk, variant_ids=[foreign.pk])
    fees = post(town, "fees", fee_ids=[make.fee(make.hub("Autre")).pk])

    assert (goods.status_code, fees.status_code) == (422, 422)
    assert not ExchangeVariant.objects.filter(variant=foreign).exists()


def test_partners_come_and_go(town):
    mill = make.farm("Le Moulin")
    make.agreement(mill, town.hub)

    added = post(town, "incoming", **{"incoming-enterprise_id": mill.pk})
    side = Exchange.objects.get(enterprise=mill)
    removed = post(town, "removal", side.pk)
    refused = post(town, "incoming", **{"incoming-enterprise_id": make.farm("Autre").pk})

    assert [answer.status_code for answer in (added, removed, refused)] == [303, 303, 422]
    assert not Exchange.objects.filter(enterprise=mill).exists()


def test_a_copy_is_planned_and_a_cycle_deleted(town):
    data = {"name": "S42", "opens_at": "2026-10-12T08:00", "closes_at": "2026-10-14T20:00"}
    town.client.post(at(town, "copy", town.cycle.pk), data)

    answer = post(town, "deletion")

    assert answer.url == at(town, "list")
    (copy,) = OrderCycle.objects.all()
    assert (copy.name, ExchangeVariant.objects.filter(exchange__cycle=copy).count()) == ("S42", 2)


def test_another_hubs_manager_sees_and_changes_nothing(town):
    stranger = make.person()
    other = make.hub("Autre", slug="autre")
    Role.objects.create(person=stranger, enterprise=other, name="manager")
    town.client.force_login(stranger)
    before = OrderCycle.objects.get().version

    own_door = town.client.get(reverse("order_cycles:cycle", args=["autre", town.cycle.pk]))
    answers = [town.client.get(at(town, "list")), town.client.get(at(town, "cycle", town.cycle.pk))]
    answers += [
        post(town, name) for name in ("opening", "closing", "reopening", "copy", "deletion", "fees", "incoming")
    ]
    answers += [
        post(town, name, town.out.pk)
        for name in ("goods", "side_fees", "instructions", "hand_overs", "side_terms", "removal")
    ]

    assert {answer.status_code for answer in [own_door, *answers]} == {403}
    assert OrderCycle.objects.get().version == before


def test_a_cycle_is_not_found_under_another_hub_of_the_same_person(town):
    other = make.hub("Autre", slug="autre")
    Role.objects.create(person=Person.objects.get(), enterprise=other, name="manager")

    answer = town.client.get(reverse("order_cycles:cycle", args=["autre", town.cycle.pk]))

    assert answer.status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_editor_takes_the_same_queries_whatever_it_holds(town, django_assert_num_queries, count):
    for number in range(count):
        farm = make.farm(f"Ferme {number}")
        make.agreement(farm, town.hub)
        make.exchange(town.cycle, farm, "incoming", [make.variant(make.product(farm)) for _ in range(count)])
        make.fee(farm)
    town.client.get(at(town, "cycle", town.cycle.pk))

    with django_assert_num_queries(23):
        town.client.get(at(town, "cycle", town.cycle.pk))


WEEKLY = {
    "name": "Vente du {day}",
    "every_weeks": "1",
    "from_on": "2026-10-05",
    "opens_day": "4",
    "opens": "08:00",
    "closes_day": "1",
    "closes": "20:00",
    "hand_over_day": "3",
    "hand_over_starts": "17:00",
    "hand_over_ends": "19:00",
    "skip_months": ["8"],
    "ahead": "3",
}


def a_series(town):
    post(town, "repeat", **WEEKLY)
    return Series.objects.get()


def test_a_cycle_is_made_to_recur_and_its_coming_days_are_shown(town):
    answer = post(town, "repeat", **WEEKLY)

    series = Series.objects.get()
    assert (answer.status_code, answer.url) == (303, at(town, "series", series.pk))
    page = town.client.get(answer.url)
    words = page.content.decode().replace("\u00a0", " ")
    assert "Every week, opens Friday at 8 am, closes Tuesday at 8 pm, handed over Thursday" in words
    assert [day.cycle_id is not None for day in page.context["series"].days[:4]] == [True, True, True, False]


def test_a_series_comes_back_in_words_where_it_cannot_be_followed(town):
    months = post(town, "repeat", **{**WEEKLY, "skip_months": [str(month) for month in range(1, 13)]})
    hours = post(town, "repeat", **{**WEEKLY, "hand_over_ends": ""})

    assert (months.status_code, hours.status_code, Series.objects.count()) == (422, 422, 0)
    assert "this series never sells" in months.content.decode()
    assert "Say when." in hours.content.decode()


def test_a_series_is_changed_paused_and_ended_from_its_page(town):
    series = a_series(town)
    made = OrderCycle.objects.filter(series=series).order_by("opens_at")
    second = made[1].series_on.isoformat()

    changed = town.client.post(at(town, "series", series.pk), {**WEEKLY, "closes": "18:00"})
    paused = town.client.post(at(town, "pauses", series.pk), {"first_on": second})
    refused = town.client.post(at(town, "pauses", series.pk), {"first_on": "2026-12-02", "last_on": "2026-12-01"})

    assert [answer.status_code for answer in (changed, paused, refused)] == [303, 303, 422]
    assert second not in [cycle.series_on.isoformat() for cycle in made]
    pause = series.pk, SeriesPause.objects.get().pk
    assert town.client.post(at(town, "pause_removal", *pause)).status_code == 303
    assert second in [cycle.series_on.isoformat() for cycle in made.all()]
    better = made.all()[0]
    assert town.client.post(at(town, "model", better.pk)).status_code == 303
    assert town.client.post(at(town, "series_end", series.pk)).url == at(town, "list")
    assert list(made.all()) == [better]


def test_a_strangers_series_is_not_found(town):
    series = a_series(town)
    other = make.hub("Autre", slug="autre")
    Role.objects.create(person=Person.objects.get(), enterprise=other, name="manager")

    assert town.client.get(reverse("order_cycles:series", args=["autre", series.pk])).status_code == 404


def test_a_cycle_closed_in_the_minute_of_its_opening_is_copied_and_renamed_without_a_word_about_dates(town):
    moment = town.now.replace(second=10)
    OrderCycle.objects.update(opens_at=moment, closes_at=moment + timedelta(seconds=20))
    form = town.client.get(at(town, "copy", town.cycle.pk)).context["form"]

    copied = post(town, "copy", **{name: form[name].value() for name in ("name",)}, **dates_of(form))
    renamed = post(town, "cycle", name="Courte", opens_at=typed_here(moment), closes_at=typed_here(moment))

    assert (copied.status_code, renamed.status_code) == (303, 303)
    assert set(OrderCycle.objects.values_list("name", flat=True)) == {"Semaine 41", "Courte"}


def dates_of(form):
    return {name: form.initial[name].strftime("%Y-%m-%dT%H:%M") for name in ("opens_at", "closes_at")}


def typed_here(moment):
    return localtime(moment, ZoneInfo("Europe/Paris")).strftime("%Y-%m-%dT%H:%M")


def test_one_tick_is_saved_at_once_and_answers_with_how_much_is_carried(town):
    kale = make.variant(make.product(town.farm, name="Chou"))
    htmx = {"HX-Request": "true"}

    ticked = town.client.post(
        at(town, "tick", town.cycle.pk, town.incoming.pk, kale.pk), {"variant_ids": [str(kale.pk)]}, headers=htmx
    )
    left = town.client.post(at(town, "tick", town.cycle.pk, town.incoming.pk, town.leek.pk), {}, headers=htmx)
    plain = town.client.post(at(town, "tick", town.cycle.pk, town.incoming.pk, town.leek.pk), {})

    assert "<b>2</b> of 2 products" in ticked.content.decode()
    assert "<b>1</b> of 2 products" in left.content.decode()
    assert f'id="carried-{town.incoming.pk}" hx-swap-oob="true"' in left.content.decode()
    assert plain.status_code == 303
    assert not ExchangeVariant.objects.filter(variant=town.leek).exists()


def test_a_tick_that_no_agreement_allows_is_refused_in_words(town):
    other = make.hub("Autre")
    side = make.exchange(town.cycle, other, "outgoing")
    address = at(town, "tick", town.cycle.pk, side.pk, town.leek.pk)

    answer = town.client.post(address, {"variant_ids": [str(town.leek.pk)]}, headers={"HX-Request": "true"})

    assert answer.status_code == 422
    assert "no running agreement with Autre" in answer.content.decode()


def test_the_tick_of_another_hubs_side_is_not_found(town):
    foreign = make.exchange(make.cycle(make.hub("Autre")), town.farm, "incoming")

    assert town.client.post(at(town, "tick", town.cycle.pk, foreign.pk, town.leek.pk)).status_code == 404


@pytest.mark.parametrize("count", [1, 6])
def test_a_tick_takes_the_same_queries_whatever_the_cycle_holds(town, django_assert_num_queries, count):
    for number in range(count):
        farm = make.farm(f"Ferme {number}")
        make.agreement(farm, town.hub)
        make.exchange(town.cycle, farm, "incoming", [make.variant(make.product(farm)) for _ in range(count)])
    address = at(town, "tick", town.cycle.pk, town.incoming.pk, town.leek.pk)
    town.client.post(address, {}, headers={"HX-Request": "true"})

    with django_assert_num_queries(15):
        town.client.post(address, {}, headers={"HX-Request": "true"})

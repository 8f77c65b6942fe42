from datetime import UTC, datetime, timedelta

import pytest

from bocage.commons.refusals import Forbidden, NotFound
from bocage.infra.models import Event
from bocage.network.rules import SYSTEM
from bocage.order_cycles import actions, rules
from bocage.order_cycles.models import CycleFee, Exchange, ExchangeVariant, HandOver, OfferedPayment, OrderCycle
from bocage.order_cycles.queries.offers import offers
from bocage.order_cycles.rules import Window
from bocage.order_cycles.tests import make
from bocage.payments.models import PaymentMethod

pytestmark = pytest.mark.django_db
NOW = make.NOW
DAY = timedelta(days=1)


def carried(exchange_id):
    rows = ExchangeVariant.objects.filter(exchange_id=exchange_id).order_by("variant_id")
    return list(rows.values_list("variant_id", flat=True))


def offered(cycle_id, hub, at=NOW):
    return set(offers(cycle_id=cycle_id, hub_id=hub.pk, at=at).by_variant)


def facts():
    return [e.kind.removeprefix("order_cycles.") for e in Event.objects.order_by("id")]


def version(cycle_id):
    return OrderCycle.objects.get(id=cycle_id).version


def a_town():
    """Two farms that sell by one hub, a cycle of the hub with everything in it."""
    hub, gue, moulin = make.hub(), make.farm("Ferme du Gué"), make.farm("Le Moulin")
    make.agreement(gue, hub)
    make.agreement(moulin, hub)
    leek, flour = make.variant(make.product(gue)), make.variant(make.product(moulin, name="Farine"))
    cycle = make.cycle(hub)
    sides = [make.exchange(cycle, gue, "incoming", [leek]), make.exchange(cycle, moulin, "incoming", [flour])]
    out = make.exchange(cycle, hub, "outgoing", [leek, flour])
    return hub, cycle, sides, out, leek, flour


def test_a_hub_plans_a_cycle_from_producers_to_itself():
    hub, farm = make.hub(), make.farm()
    make.agreement(farm, hub)
    leek = make.variant(make.product(farm))
    anne = {"actor": make.manager(hub), "now": NOW}

    cycle_id = actions.create_cycle(coordinator_id=hub.pk, name=" S41 ", opens_at=NOW, closes_at=NOW + DAY, **anne)
    incoming = actions.add_incoming(cycle_id=cycle_id, enterprise_id=farm.pk, instructions="Jeudi 8 h", **anne)
    outgoing = actions.add_outgoing(cycle_id=cycle_id, enterprise_id=hub.pk, **anne)
    actions.set_variants(exchange_id=incoming, variant_ids=[leek.pk], **anne)
    actions.set_variants(exchange_id=outgoing, variant_ids=[leek.pk], **anne)

    assert OrderCycle.objects.get().name == "S41"
    assert (carried(incoming), carried(outgoing)) == ([leek.pk], [leek.pk])
    assert version(cycle_id) == 5


def test_who_sells_only_its_own_gets_a_simple_cycle_that_mirrors_itself():
    farm = make.farm(sells="own")
    make.variant(make.product(farm))

    cycle_id = actions.create_cycle(
        coordinator_id=farm.pk, name="À la ferme", opens_at=NOW, closes_at=NOW + DAY, actor=SYSTEM, now=NOW
    )

    sides = Exchange.objects.filter(cycle_id=cycle_id).order_by("direction")
    assert [(s.direction, s.enterprise_id, s.carries_all) for s in sides] == [
        ("incoming", farm.pk, True),
        ("outgoing", farm.pk, True),
    ]
    actions.set_variants(exchange_id=sides[1].pk, variant_ids=[], actor=SYSTEM, now=NOW)
    assert offered(cycle_id, farm) == set()
    with pytest.raises(rules.OnlyOwnGoods):
        actions.add_incoming(cycle_id=cycle_id, enterprise_id=make.farm("Autre").pk, actor=SYSTEM, now=NOW)


def test_who_does_not_sell_runs_no_cycle():
    with pytest.raises(rules.CannotCoordinate):
        actions.create_cycle(
            coordinator_id=make.farm().pk, name="S41", opens_at=NOW, closes_at=NOW + DAY, actor=SYSTEM, now=NOW
        )


def test_another_hubs_manager_and_volunteers_are_refused_everywhere():
    hub, cycle, sides, out, leek, _flour = a_town()
    both = {"now": NOW}
    dates = {"name": "X", "opens_at": NOW, "closes_at": NOW + DAY}
    calls = [
        lambda **a: actions.create_cycle(coordinator_id=hub.pk, **dates, **a),
        lambda **a: actions.edit_cycle(cycle_id=cycle.pk, **dates, **a),
        lambda **a: actions.copy_cycle(cycle_id=cycle.pk, **dates, **a),
        lambda **a: actions.open_now(cycle_id=cycle.pk, **a),
        lambda **a: actions.close_now(cycle_id=cycle.pk, **a),
        lambda **a: actions.reopen(cycle_id=cycle.pk, until=NOW + DAY, **a),
        lambda **a: actions.delete_cycle(cycle_id=cycle.pk, **a),
        lambda **a: actions.add_incoming(cycle_id=cycle.pk, enterprise_id=hub.pk, **a),
        lambda **a: actions.add_outgoing(cycle_id=cycle.pk, enterprise_id=hub.pk, **a),
        lambda **a: actions.edit_exchange(exchange_id=out.pk, instructions="", **a),
        lambda **a: actions.remove_exchange(exchange_id=out.pk, **a),
        lambda **a: actions.set_variants(exchange_id=sides[0].pk, variant_ids=[leek.pk], **a),
        lambda **a: actions.set_fees(cycle_id=cycle.pk, fee_ids=[], **a),
        lambda **a: actions.set_hand_overs(exchange_id=out.pk, windows=[], **a),
    ]
    for actor in (make.manager(make.hub("Autre")), make.manager(hub, role="volunteer")):
        for call in calls:
            with pytest.raises(Forbidden):
                call(actor=actor, **both)

    assert (facts(), version(cycle.pk)) == ([], 1)


def test_a_producer_without_a_running_agreement_stays_outside():
    hub, farm = make.hub(), make.farm()
    make.agreement(farm, hub, ends_at=NOW)

    with pytest.raises(rules.NoAgreement) as refused:
        actions.add_incoming(cycle_id=make.cycle(hub).pk, enterprise_id=farm.pk, actor=SYSTEM, now=NOW)

    assert refused.value.values == {"producer": "Ferme du Gué", "hub": "La Halle"}


def test_a_partner_takes_part_once():
    hub, cycle, *_ = a_town()

    with pytest.raises(rules.AlreadyInCycle):
        actions.add_outgoing(cycle_id=cycle.pk, enterprise_id=hub.pk, actor=SYSTEM, now=NOW)


def test_what_no_longer_comes_in_leaves_the_hubs_too():
    _hub, cycle, sides, out, leek, flour = a_town()

    actions.set_variants(exchange_id=sides[0].pk, variant_ids=[], actor=SYSTEM, now=NOW)

    assert carried(out.pk) == [flour.pk]
    actions.remove_exchange(exchange_id=sides[1].pk, actor=SYSTEM, now=NOW)
    assert carried(out.pk) == []
    assert version(cycle.pk) == 3
    assert leek.pk not in carried(sides[0].pk)


def test_outgoing_goods_are_cut_to_what_comes_in():
    hub, cycle, _sides, out, leek, flour = a_town()
    other = make.variant(make.product(hub))

    count = actions.set_variants(exchange_id=out.pk, variant_ids=[leek.pk, other.pk], actor=SYSTEM, now=NOW)

    assert (count, carried(out.pk)) == (1, [leek.pk])
    assert version(cycle.pk) == 2
    assert flour.pk not in carried(out.pk)


def test_a_second_hub_needs_the_producers_own_agreement():
    _hub, cycle, _sides, _out, leek, _flour = a_town()
    second = make.hub("Le Bourg")
    with pytest.raises(rules.NoAgreement):
        actions.add_outgoing(cycle_id=cycle.pk, enterprise_id=second.pk, actor=make.manager(cycle.coordinator), now=NOW)
    make.agreement(second, cycle.coordinator)
    side = actions.add_outgoing(
        cycle_id=cycle.pk, enterprise_id=second.pk, actor=make.manager(cycle.coordinator), now=NOW
    )

    with pytest.raises(rules.NoAgreement) as refused:
        actions.set_variants(exchange_id=side, variant_ids=[leek.pk], actor=SYSTEM, now=NOW)

    assert refused.value.values == {"producer": "Ferme du Gué", "hub": "Le Bourg"}


def test_a_producer_brings_only_its_own_goods_and_may_say_which():
    _hub, _cycle, sides, _out, leek, flour = a_town()
    farmer = make.manager(sides[0].enterprise)
    with pytest.raises(rules.NotTheirGoods):
        actions.set_variants(exchange_id=sides[0].pk, variant_ids=[leek.pk, flour.pk], actor=farmer, now=NOW)

    assert actions.set_variants(exchange_id=sides[0].pk, variant_ids=[], actor=farmer, now=NOW) == 0
    with pytest.raises(Forbidden):
        actions.set_variants(exchange_id=sides[1].pk, variant_ids=[], actor=farmer, now=NOW)


def test_fees_are_set_at_their_place():
    hub, cycle, sides, out, *_ = a_town()
    packing, flat = make.fee(hub, name="Emballage"), make.fee(hub, name="Forfait", calculator="flat")
    farms = make.fee(sides[0].enterprise, name="Récolte")

    actions.set_fees(cycle_id=cycle.pk, fee_ids=[packing.pk, flat.pk], actor=SYSTEM, now=NOW)
    actions.set_fees(cycle_id=cycle.pk, fee_ids=[flat.pk], actor=SYSTEM, now=NOW)
    actions.set_fees(cycle_id=cycle.pk, exchange_id=sides[0].pk, fee_ids=[farms.pk], actor=SYSTEM, now=NOW)
    actions.set_fees(cycle_id=cycle.pk, exchange_id=out.pk, fee_ids=[packing.pk], actor=SYSTEM, now=NOW)

    rows = CycleFee.objects.order_by("id").values_list("exchange_id", "fee_id")
    assert list(rows) == [(None, flat.pk), (sides[0].pk, farms.pk), (out.pk, packing.pk)]


def test_a_fee_per_order_counts_on_what_one_farm_brings():
    hub, cycle, sides, *_ = a_town()
    flat = make.fee(hub, name="Tournée des fermes", calculator="flat", amount_minor=200)

    actions.set_fees(cycle_id=cycle.pk, exchange_id=sides[0].pk, fee_ids=[flat.pk], actor=SYSTEM, now=NOW)

    (fee,) = offers(cycle_id=cycle.pk, hub_id=hub.pk, at=NOW).order_fees
    assert (fee.name, fee.only_producer_id) == ("Tournée des fermes", sides[0].enterprise_id)


def test_fees_that_do_not_fit_their_place_are_refused():
    hub, cycle, sides, *_ = a_town()
    ended = make.fee(hub, ended_at=NOW)
    stranger = make.fee(make.hub("Autre"))
    for fee, exchange_id in ((ended, None), (stranger, None), (stranger, sides[0].pk)):
        with pytest.raises(rules.FeeNotForThisPlace):
            actions.set_fees(cycle_id=cycle.pk, fee_ids=[fee.pk], exchange_id=exchange_id, actor=SYSTEM, now=NOW)

    assert CycleFee.objects.count() == 0


def test_hand_overs_are_replaced_and_only_by_the_hubs_own_methods():
    hub, _cycle, _sides, out, *_ = a_town()
    halle, foreign = make.method(hub), make.method(make.hub("Autre"))
    friday = Window(halle.pk, NOW + 4 * DAY, NOW + 4 * DAY + timedelta(hours=2))
    for _ in range(2):
        actions.set_hand_overs(exchange_id=out.pk, windows=[friday], actor=SYSTEM, now=NOW)

    assert [(h.method_id, h.starts_at) for h in HandOver.objects.all()] == [(halle.pk, NOW + 4 * DAY)]
    with pytest.raises(rules.MethodNotOfThisHub):
        window = Window(foreign.pk, NOW, NOW + DAY)
        actions.set_hand_overs(exchange_id=out.pk, windows=[window], actor=SYSTEM, now=NOW)


def chosen(exchange):
    rows = OfferedPayment.objects.filter(exchange=exchange).order_by("method_id")
    return list(rows.values_list("method__name", flat=True))


def test_a_hub_chooses_how_it_is_paid_in_a_cycle_and_all_is_as_none():
    """Worked example 16: all ticked is stored as none, so that a way to come is offered too."""
    hub, _cycle, _sides, out, *_ = a_town()
    cash, card = (PaymentMethod.objects.create(hub=hub, kind="on_site", name=name) for name in ("Espèces", "Carte"))
    foreign = PaymentMethod.objects.create(hub=make.hub("Autre"), kind="on_site", name="Ailleurs")
    who = {"exchange_id": out.pk, "actor": SYSTEM, "now": NOW}

    actions.set_terms(**who, payment_ids=[cash.pk], tags=" Pro,fêtes ")
    assert chosen(out) == ["Espèces"]
    assert Exchange.objects.get(pk=out.pk).tags == "pro,fêtes"
    with pytest.raises(rules.PaymentNotOfThisHub):
        actions.set_terms(**who, payment_ids=[cash.pk, foreign.pk], tags="")
    assert chosen(out) == ["Espèces"]
    actions.set_terms(**who, payment_ids=[cash.pk, card.pk], tags="")
    assert chosen(out) == []


def test_a_producers_side_has_no_terms_of_sale():
    _hub, _cycle, sides, *_ = a_town()

    with pytest.raises(NotFound):
        actions.set_terms(exchange_id=sides[0].pk, payment_ids=[], tags="pro", actor=SYSTEM, now=NOW)


def test_a_cycle_opens_closes_and_reopens_by_hand_and_each_is_told_once():
    hub = make.hub()
    cycle = make.cycle(hub, opens_at=NOW + DAY)
    later = NOW + timedelta(hours=1)

    actions.open_now(cycle_id=cycle.pk, actor=SYSTEM, now=NOW)
    actions.close_now(cycle_id=cycle.pk, actor=SYSTEM, now=later)
    actions.tell_due(now=later)
    actions.reopen(cycle_id=cycle.pk, until=NOW + 2 * DAY, actor=SYSTEM, now=later)
    actions.tell_due(now=NOW + 3 * DAY)

    cycle.refresh_from_db()
    assert (cycle.opens_at, cycle.closes_at, cycle.version) == (NOW, NOW + 2 * DAY, 4)
    expected = "CycleChanged CycleOpened CycleChanged CycleClosed CycleChanged CycleReopened CycleClosed"
    assert facts() == expected.split()


def test_a_cycle_is_only_moved_from_the_state_it_is_in():
    coming, running = make.cycle(opens_at=NOW + DAY), make.cycle(opens_at=NOW - DAY, closes_at=NOW + DAY)
    over = make.cycle(opens_at=NOW - DAY, closes_at=NOW)
    for call, cycle, refusal in (
        (actions.open_now, running, rules.CycleIsNotUpcoming),
        (actions.open_now, over, rules.CycleIsNotUpcoming),
        (actions.close_now, coming, rules.CycleIsNotOpen),
        (actions.close_now, over, rules.CycleIsNotOpen),
    ):
        with pytest.raises(refusal):
            call(cycle_id=cycle.pk, actor=SYSTEM, now=NOW)
    with pytest.raises(rules.CycleIsNotClosed):
        actions.reopen(cycle_id=running.pk, until=NOW + 2 * DAY, actor=SYSTEM, now=NOW)
    with pytest.raises(rules.ReopenUntilThePast):
        actions.reopen(cycle_id=over.pk, until=NOW, actor=SYSTEM, now=NOW)


def test_after_an_outage_of_days_opening_and_closing_are_still_told_once_even_by_two_callers():
    make.cycle(opens_at=NOW - 9 * DAY, closes_at=NOW - 5 * DAY)
    make.cycle(opens_at=NOW, closes_at=NOW + DAY)
    make.cycle(opens_at=NOW + timedelta(seconds=1))

    told = [actions.tell_due(now=NOW), actions.tell_due(now=NOW)]

    assert told == [3, 0]
    assert facts() == ["CycleOpened", "CycleClosed", "CycleOpened"]


def test_a_second_caller_who_saw_the_same_cycle_as_due_tells_nothing():
    cycle = make.cycle(opens_at=NOW)
    from bocage.order_cycles.actions.lifecycle import _tell_opened

    first, second = OrderCycle.objects.get(id=cycle.pk), OrderCycle.objects.get(id=cycle.pk)

    assert [_tell_opened(first, SYSTEM, NOW), _tell_opened(second, SYSTEM, NOW)] == [1, 0]


def test_a_closing_moved_to_the_future_is_told_again():
    cycle = make.cycle(opens_at=NOW - DAY, closes_at=NOW)
    actions.tell_due(now=NOW)

    actions.edit_cycle(
        cycle_id=cycle.pk, name="S41", opens_at=cycle.opens_at, closes_at=NOW + DAY, actor=SYSTEM, now=NOW
    )

    assert actions.tell_due(now=NOW) == 0
    assert actions.tell_due(now=NOW + DAY) == 1
    assert facts() == ["CycleOpened", "CycleClosed", "CycleChanged", "CycleClosed"]


def test_dates_in_the_wrong_order_are_refused():
    cycle = make.cycle()
    with pytest.raises(rules.CycleClosesBeforeItOpens):
        actions.edit_cycle(cycle_id=cycle.pk, name="S41", opens_at=NOW, closes_at=NOW, actor=SYSTEM, now=NOW)


def test_a_copy_brings_partners_goods_fees_and_hand_overs_one_week_later_on_the_wall_clock():
    hub, cycle, sides, out, leek, _flour = a_town()
    closes = datetime(2026, 10, 20, 18, tzinfo=UTC)  # 20 h in summer time
    OrderCycle.objects.filter(id=cycle.pk).update(closes_at=closes, opening_told_at=NOW, closing_told_at=NOW)
    Exchange.objects.filter(id=sides[0].pk).update(bring_at=datetime(2026, 10, 22, 6, tzinfo=UTC))
    make.cycle_fee(cycle, make.fee(hub))
    make.cycle_fee(cycle, make.fee(hub, ended_at=NOW), out)
    make.hand_over(out, make.method(hub), datetime(2026, 10, 23, 15, tzinfo=UTC))
    cash, ended = (PaymentMethod.objects.create(hub=hub, kind="on_site", name=name) for name in ("Espèces", "Chèque"))
    PaymentMethod.objects.create(hub=hub, kind="on_site", name="Carte")
    actions.set_terms(exchange_id=out.pk, payment_ids=[cash.pk, ended.pk], tags="pro", actor=SYSTEM, now=NOW)
    PaymentMethod.objects.filter(pk=ended.pk).update(ended_at=NOW)
    make.exchange(cycle, make.farm("Partie"), "incoming", [])  # has no agreement any more

    copy_id = actions.copy_cycle(
        cycle_id=cycle.pk,
        name="S43",
        opens_at=datetime(2026, 10, 25, 7, tzinfo=UTC),
        closes_at=datetime(2026, 10, 27, 19, tzinfo=UTC),  # 20 h in winter time
        actor=make.manager(hub),
        now=NOW,
    )

    copy = OrderCycle.objects.get(id=copy_id)
    assert (copy.name, copy.version, copy.opening_told_at, copy.closing_told_at) == ("S43", 1, None, None)
    copies = Exchange.objects.filter(cycle=copy).order_by("id")
    assert [(e.direction, e.enterprise_id) for e in copies] == [
        ("incoming", sides[0].enterprise_id),
        ("incoming", sides[1].enterprise_id),
        ("outgoing", hub.pk),
    ]
    assert copies[0].bring_at == datetime(2026, 10, 29, 7, tzinfo=UTC)
    assert carried(copies[2].pk) == carried(out.pk)
    assert list(CycleFee.objects.filter(cycle=copy).values_list("exchange_id", "fee__ended_at")) == [(None, None)]
    assert HandOver.objects.get(exchange=copies[2]).starts_at == datetime(2026, 10, 30, 16, tzinfo=UTC)
    assert leek.pk in carried(copies[0].pk)
    assert (chosen(copies[2]), copies[2].tags) == (["Espèces"], "pro")


@pytest.mark.parametrize("goods", [1, 30])
def test_a_copy_takes_the_same_few_statements_however_much_it_carries(django_assert_num_queries, goods):
    _hub, cycle, sides, out, *_ = a_town()
    for _ in range(goods):
        more = make.variant(make.product(sides[0].enterprise))
        ExchangeVariant.objects.create(exchange=sides[0], variant=more)
        ExchangeVariant.objects.create(exchange=out, variant=more)

    with django_assert_num_queries(13):
        actions.copy_cycle(cycle_id=cycle.pk, name="S42", opens_at=NOW, closes_at=NOW + DAY, actor=SYSTEM, now=NOW)


def test_a_copy_that_fails_leaves_nothing(monkeypatch):
    _hub, cycle, *_ = a_town()
    before = Exchange.objects.count()
    monkeypatch.setattr(HandOver.objects, "bulk_create", lambda rows: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        actions.copy_cycle(cycle_id=cycle.pk, name="S42", opens_at=NOW, closes_at=NOW + DAY, actor=SYSTEM, now=NOW)

    assert (OrderCycle.objects.count(), Exchange.objects.count()) == (1, before)


def test_a_cycle_nobody_ordered_in_is_deleted():
    _hub, cycle, *_ = a_town()

    actions.delete_cycle(cycle_id=cycle.pk, actor=SYSTEM, now=NOW)

    assert (OrderCycle.objects.count(), ExchangeVariant.objects.count(), facts()) == (0, 0, ["CycleDeleted"])


def test_changed_goods_and_fees_let_unclosed_cycles_grow():
    hub, cycle, _sides, _out, leek, _flour = a_town()
    fee = make.fee(hub)
    make.cycle_fee(cycle, fee)
    over = make.cycle(hub, opens_at=NOW - 9 * DAY, closes_at=NOW - DAY)
    make.exchange(over, leek.product.producer, "incoming", [leek])

    assert actions.refresh(variant_ids=[leek.pk], now=NOW) == 1
    assert actions.refresh(fee_id=fee.pk, now=NOW) == 1
    assert (version(cycle.pk), version(over.pk)) == (3, 1)

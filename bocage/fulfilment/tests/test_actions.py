import pytest

from bocage.commons.refusals import Forbidden, NotFound
from bocage.fulfilment import actions, queries
from bocage.fulfilment.rules import AlreadyHandedOver, LineIsGone, NotHandedOver, OrderIsCancelled
from bocage.fulfilment.tests import make
from bocage.infra.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub():
    return make.enterprise()


@pytest.fixture
def volunteer(hub):
    return make.actor("volunteer", hub)


@pytest.fixture
def order(hub):
    farm = make.farm()
    lines = [make.line(make.variant(farm)), make.line(make.variant(farm, name="Carottes"))]
    return make.order(hub, make.cycle(hub), lines=lines)


def state(order, volunteer):
    row = queries.parcel_state(hub_id=order.hub_id, ref=order.ref, actor=volunteer)
    return row.ticked, row.is_packed, row.handed_over_at


def line_ids(order, volunteer):
    return [line.id for line in queries.basket(hub_id=order.hub_id, ref=order.ref, actor=volunteer).lines]


def told():
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


def test_the_last_tick_makes_the_order_packed_and_says_so_once(order, volunteer):
    for line_id in [*line_ids(order, volunteer), line_ids(order, volunteer)[0]]:
        actions.tick_line(order_id=order.pk, line_id=line_id, is_ticked=True, actor=volunteer, now=make.NOW)

    assert state(order, volunteer) == (2, True, None)
    assert told() == ["fulfilment.OrderPacked"]


def test_a_tick_taken_back_opens_the_basket_again(order, volunteer):
    actions.pack_order(order_id=order.pk, actor=volunteer, now=make.NOW)

    actions.tick_line(
        order_id=order.pk, line_id=line_ids(order, volunteer)[0], is_ticked=False, actor=volunteer, now=make.NOW
    )

    assert state(order, volunteer) == (1, False, None)


def test_a_basket_is_packed_and_unpacked_at_once(order, volunteer):
    actions.tick_line(
        order_id=order.pk, line_id=line_ids(order, volunteer)[0], is_ticked=True, actor=volunteer, now=make.NOW
    )
    actions.pack_order(order_id=order.pk, actor=volunteer, now=make.NOW)
    packed = state(order, volunteer)

    actions.unpack_order(order_id=order.pk, actor=volunteer, now=make.NOW)

    assert (packed, state(order, volunteer)) == ((2, True, None), (0, False, None))


def test_a_line_of_another_order_cannot_be_ticked(hub, order, volunteer):
    other = make.order(hub, order.cycle, lines=[make.line(make.variant(make.farm()))])

    with pytest.raises(LineIsGone):
        actions.tick_line(
            order_id=order.pk, line_id=line_ids(other, volunteer)[0], is_ticked=True, actor=volunteer, now=make.NOW
        )


def test_what_is_handed_over_stands_until_it_is_undone(order, volunteer):
    actions.hand_over(order_id=order.pk, actor=volunteer, now=make.NOW)
    handed = state(order, volunteer)
    with pytest.raises(AlreadyHandedOver):
        actions.hand_over(order_id=order.pk, actor=volunteer, now=make.NOW)
    with pytest.raises(AlreadyHandedOver):
        actions.pack_order(order_id=order.pk, actor=volunteer, now=make.NOW)
    actions.undo_hand_over(order_id=order.pk, actor=volunteer, now=make.NOW)

    assert (handed, state(order, volunteer)) == ((0, False, make.NOW), (0, False, None))
    assert told() == ["fulfilment.OrderHandedOver", "fulfilment.HandOverUndone"]
    with pytest.raises(NotHandedOver):
        actions.undo_hand_over(order_id=order.pk, actor=volunteer, now=make.NOW)


def test_a_cancelled_order_is_neither_packed_nor_handed_over(hub, volunteer):
    order = make.order(hub, make.cycle(hub), lines=[make.line(make.variant(make.farm()))], state="cancelled")

    for act in (actions.pack_order, actions.hand_over):
        with pytest.raises(OrderIsCancelled):
            act(order_id=order.pk, actor=volunteer, now=make.NOW)


ACTS = [actions.pack_order, actions.unpack_order, actions.hand_over, actions.undo_hand_over]


@pytest.mark.parametrize("act", ACTS)
def test_only_who_may_pack_for_this_hub_acts(order, hub, act):
    for actor in (make.actor("bookkeeper", hub), make.actor("manager", make.enterprise("Ailleurs"))):
        with pytest.raises(Forbidden):
            act(order_id=order.pk, actor=actor, now=make.NOW)
    with pytest.raises(NotFound):
        act(order_id=0, actor=make.actor("manager", hub), now=make.NOW)


def test_only_who_may_pack_ticks(order, hub, volunteer):
    with pytest.raises(Forbidden):
        actions.tick_line(
            order_id=order.pk,
            line_id=line_ids(order, volunteer)[0],
            is_ticked=True,
            actor=make.actor("bookkeeper", hub),
            now=make.NOW,
        )

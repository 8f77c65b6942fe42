from dataclasses import replace

import pytest

from bocage.commons.refusals import Forbidden, NotFound
from bocage.infra.models import Event
from bocage.network.rules import GUEST, SYSTEM
from bocage.pricing import actions, queries, terms
from bocage.pricing.models import EnterpriseFee
from bocage.pricing.terms import FeeTerms
from bocage.pricing.tests import make

PACKING = FeeTerms(name="Emballage", kind="packing", calculator="per_item", amount_minor=20, tax="inherit")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": " "}, terms.FeeNeedsAName),
        ({"kind": "bribe"}, terms.FeeNotKnown),
        ({"calculator": "magic"}, terms.FeeNotKnown),
        ({"tax": "later"}, terms.FeeNotKnown),
        ({"calculator": "flat"}, terms.OrderFeeInheritsNoTax),
        ({"tax": "own"}, terms.OwnTaxNeedsARate),
        ({"calculator": "flexible", "tax": "none"}, terms.FlexibleFeeNeedsALimit),
        ({"amount_minor": 0}, terms.FeeNeedsAnAmount),
        ({"calculator": "percent"}, terms.FeeNeedsAnAmount),
    ],
)
def test_fees_that_could_not_be_charged_are_refused(changes, refusal):
    with pytest.raises(refusal):
        terms.check_terms(replace(PACKING, **changes))


@pytest.mark.django_db
def test_a_hub_adds_edits_and_ends_its_fees():
    hub = make.hub()
    anne, now = make.manager(hub), make.NOW
    fee_id = actions.add_fee(enterprise_id=hub.pk, terms=PACKING, actor=anne, now=now)

    raised = replace(PACKING, amount_minor=25)
    actions.edit_fee(fee_id=fee_id, terms=raised, actor=anne, now=now)
    rows = [(row.id, row.terms) for row in queries.fees_of(enterprise_id=hub.pk, actor=anne)]
    actions.end_fee(fee_id=fee_id, actor=anne, now=now)
    actions.end_fee(fee_id=fee_id, actor=anne, now=now)

    assert rows == [(fee_id, raised)]
    assert queries.fees_of(enterprise_id=hub.pk, actor=anne) == []
    assert [e.payload for e in Event.objects.all()] == [{"fee_id": fee_id, "enterprise_id": hub.pk}] * 2
    with pytest.raises(NotFound):
        queries.fee(fee_id=fee_id, actor=anne)


@pytest.mark.django_db
def test_fees_are_only_for_their_enterprises_managers():
    hub = make.hub()
    fee = make.fee(hub)
    for actor in (GUEST, make.manager(make.hub("Autre")), make.manager(hub, role_name="bookkeeper")):
        calls = [
            lambda a=actor: actions.add_fee(enterprise_id=hub.pk, terms=PACKING, actor=a, now=make.NOW),
            lambda a=actor: actions.edit_fee(fee_id=fee.pk, terms=PACKING, actor=a, now=make.NOW),
            lambda a=actor: actions.end_fee(fee_id=fee.pk, actor=a, now=make.NOW),
            lambda a=actor: queries.fees_of(enterprise_id=hub.pk, actor=a),
        ]
        for call in calls:
            with pytest.raises(Forbidden):
                call()

    assert EnterpriseFee.objects.get().ended_at is None


@pytest.mark.django_db
def test_an_own_rate_is_one_that_exists_and_only_stewards_add_rates():
    with pytest.raises(terms.FeeNotKnown):
        own = replace(PACKING, tax="own", tax_rate_id=999)
        actions.add_fee(enterprise_id=make.hub().pk, terms=own, actor=SYSTEM, now=make.NOW)
    rate = {"country": "FR", "code": "reduced", "name": "TVA 5,5 %", "rate_millionths": 55000, "now": make.NOW}
    with pytest.raises(Forbidden):
        actions.add_tax_rate(**rate, actor=make.manager(make.hub()))

    actions.add_tax_rate(**rate, actor=SYSTEM)

    assert [(r.code, r.rate_millionths) for r in queries.tax_rates(country="FR")] == [("reduced", 55000)]

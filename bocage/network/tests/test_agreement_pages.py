"""The pages of agreements: proposed here, answered there, written by mail; who may do what, and why."""

import pytest
from django.core import mail
from django.urls import reverse

from bocage.infra import outbox
from bocage.messages.actions import send_due
from bocage.network.models import Agreement, Enterprise
from bocage.network.tests import make

pytestmark = pytest.mark.django_db
TERMS = {"may_sell": "on", "handling": "own_price", "starts_on": "2026-07-01", "ends_on": "2099-08-31", "words": "10 %"}


@pytest.fixture
def both(client):
    """A farm and a hub, each with a manager who reads English."""
    make.instance()
    farm, hub = make.enterprise("Ferme du Gué", slug="gue"), make.hub("La Halle", slug="halle")
    for enterprise in (farm, hub):
        make.role(make.person(f"{enterprise.slug}@example.org", language="en"), enterprise, is_contact=True)
    return farm, hub


def be(client, slug):
    from bocage.network.models import Person

    client.force_login(
        Person.objects.get(email=f"{slug}@example.org"), backend="django.contrib.auth.backends.ModelBackend"
    )


def url(name, *args):
    return reverse(f"network:{name}", args=args)


def written():
    outbox.deliver_due(now=make.NOW.replace(year=2100))
    send_due(now=make.NOW.replace(year=2100))
    return [(message.to, message.subject) for message in mail.outbox]


def test_a_hub_proposes_and_a_farm_accepts_each_told_by_mail(client, both):
    be(client, "halle")
    client.post(url("proposal", "halle", "gue"), TERMS)
    row = Agreement.objects.get()
    be(client, "gue")
    page = client.get(url("agreements", "gue")).content.decode()
    client.post(url("agreement_acceptance", "gue", row.id))

    row.refresh_from_db()
    assert (row.state, row.proposed_side, row.words, row.ends_at.isoformat()) == (
        "accepted", "hub", "10 %", "2099-08-31T22:00:00+00:00",
    )  # fmt: skip
    assert "sell its goods, set its own price and keep its own stock" in page
    assert written() == [
        (["gue@example.org"], "La Halle proposes an agreement"),
        (["halle@example.org"], "Ferme du Gué accepts your agreement"),
    ]
    assert "10 %" in mail.outbox[0].body


def test_a_proposal_is_refused_withdrawn_or_ended_in_words(client, both):
    farm, hub = both
    be(client, "halle")
    client.post(url("proposal", "halle", "gue"), TERMS)
    own = client.post(url("agreement_acceptance", "halle", Agreement.objects.get().id))
    client.post(url("agreement_withdrawal", "halle", Agreement.objects.get().id))
    running = make.agreement(farm, hub)
    client.post(url("agreement_end", "halle", running.id))

    running.refresh_from_db()
    assert (own.status_code, "the other side answers it" in own.content.decode()) == (422, True)
    assert (Agreement.objects.order_by("id").first().state, running.ends_at is None) == ("withdrawn", False)
    assert sorted(written()[1:]) == [
        (["gue@example.org"], "Your agreement with La Halle has ended"),
        (["halle@example.org"], "Your agreement with Ferme du Gué has ended"),
    ]


def test_what_is_wrong_is_shown_at_the_form_and_nothing_typed_is_lost(client, both):
    be(client, "gue")

    backwards = client.post(url("proposal", "gue", "halle"), {**TERMS, "ends_on": "2026-06-01"})
    nothing = client.post(url("proposal", "gue", "halle"), {**TERMS, "may_sell": "", "ends_on": ""})

    assert (backwards.status_code, nothing.status_code) == (422, 422)
    assert "The last day comes before the first" in backwards.content.decode()
    assert nothing.context["form"]["words"].value() == "10 %"
    assert not Agreement.objects.exists()


def test_another_enterprises_agreement_is_not_there(client, both):
    foreign = make.agreement(make.enterprise(), make.hub(), edits_profile=True)
    be(client, "halle")

    names = ("agreement_acceptance", "agreement_refusal", "agreement_withdrawal", "agreement_end")
    answers = [client.post(url(name, "halle", foreign.id)).status_code for name in names]

    assert answers == [404, 404, 404, 404]
    assert client.get(url("partner_page", "halle", foreign.id)).status_code == 404
    assert client.get(url("agreements", "gue")).status_code == 403


def test_a_hub_keeps_a_farms_page_where_it_may(client, both):
    farm, hub = both
    deal = make.agreement(farm, hub)
    be(client, "halle")
    closed = client.get(url("partner_page", "halle", deal.id)).status_code
    Agreement.objects.filter(id=deal.id).update(edits_profile=True)
    client.post(url("partner_page", "halle", deal.id), {"teaser": "Leeks by the river.", "town": "Vire"})

    assert closed == 403
    assert Enterprise.objects.get(id=farm.id).teaser == "Leeks by the river."


def test_who_may_do_what_is_said_with_its_reason(client, both):
    make.agreement(*both, handling="as_is")
    be(client, "gue")

    text = client.get(url("rights", "gue")).content.decode()

    assert "take the goods into its sales" in text
    assert "not: set its own price" in text
    assert "The agreement in force does not say so." in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_ask_as_many_queries_however_many_partners(client, both, count, django_assert_num_queries):
    _farm, hub = both
    be(client, "halle")
    for _ in range(count):
        make.agreement(make.enterprise(), hub)

    with django_assert_num_queries(8):
        client.get(url("agreements", "halle"))
    with django_assert_num_queries(7):
        client.get(url("rights", "halle"))

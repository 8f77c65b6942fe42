"""The platform's settings for its stewards, and the logged door by which one acts as a person."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from bocage.catalogue.models import Category
from bocage.infra import outbox
from bocage.infra.models import Event
from bocage.messages.actions import send_due
from bocage.network import queries
from bocage.network.models import Enterprise, Instance, LegalText, Person, Visit
from bocage.network.rules.switches import Switch
from bocage.network.tests import make
from bocage.pricing.models import RatePeriod, TaxRate, TaxZone

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    make.instance()


@pytest.fixture
def steward(client):
    """A steward, signed in, reading English."""
    found = make.person("steward@example.org", name="Maud", is_staff=True, language="en")
    client.force_login(found, backend=BACKEND)
    return found


def url(name, *args):
    return reverse(f"web:{name}", args=args)


PAGES = ("instance", "instance_terms", "instance_taxes", "instance_shelves", "instance_switches", "instance_people")


@pytest.mark.parametrize("name", PAGES)
def test_a_stewards_page_opens_for_stewards_alone(client, steward, name):
    shown = client.get(url(name)).status_code
    client.force_login(make.person(), backend=BACKEND)
    hub = make.hub()
    make.role(Person.objects.latest("id"), hub)

    assert (shown, client.get(url(name)).status_code) == (200, 403)
    assert client.post(url(name)).status_code in (403, 405)


def test_the_platform_is_named_and_writes_from_its_address(client, steward):
    said = {"name": "Bocage du Nord", "promise": "Near.", "language": "fr", "mail_from": "a@b.example",
            "contact_email": "c@b.example"}  # fmt: skip
    client.post(url("instance"), said)
    refused = client.post(url("instance"), {**said, "mail_from": "no address"})

    assert Instance.objects.values_list("name", "mail_from", "currency").get() == (
        "Bocage du Nord",
        "a@b.example",
        "EUR",
    )
    assert refused.status_code == 422


def test_terms_are_published_in_versions_and_counted(client, steward):
    for body in ("Be kind.", "Be kinder."):
        client.post(url("instance_terms"), {"title": "Terms", "body": body})

    assert list(LegalText.objects.order_by("version").values_list("version", "enterprise")) == [(1, None), (2, None)]
    rows = queries.versions_of(instance_id=make.instance().id)
    assert [(row.version, row.accepted) for row in rows] == [(2, 0), (1, 0)]


def kind_of_vat(client, percent="5,5"):
    said = {"code": "reduced", "name": "R", "rate_millionths": percent, "is_included": "on"}
    return client.post(url("instance_taxes"), said)


def begin(client, day, percent, **more):
    said = {"category_id": TaxRate.objects.get().pk, "starts_on": day, "rate_millionths": percent, "is_included": "on"}
    return client.post(url("instance_tax_rates"), {**said, **more})


def test_a_kind_of_vat_is_added_once(client, steward):
    first, again = kind_of_vat(client), kind_of_vat(client, "6")

    assert (first.status_code, again.status_code) == (303, 422)
    assert "Let a new rate of it begin instead." in again.content.decode()
    assert list(TaxRate.objects.values_list("country", "code", "rate_millionths")) == [("FR", "reduced", 55_000)]


def test_a_rate_is_followed_by_another_one_and_never_changed(client, steward):
    kind_of_vat(client)

    past, coming = begin(client, "2020-01-01", "6"), begin(client, "2099-01-01", "6")

    assert (past.status_code, coming.status_code) == (422, 303)
    assert "A rate that has counted is never changed" in past.content.decode()
    page = client.get(url("instance_taxes")).context["categories"]
    assert [(row.rate_millionths, row.state) for row in page[0].periods] == [(55_000, "now"), (60_000, "to_come")]
    assert TaxRate.objects.get().rate_millionths == 55_000


def test_a_rate_to_come_is_taken_back_and_one_that_counts_is_not(client, steward):
    kind_of_vat(client)
    begin(client, "2099-01-01", "6")
    counting, coming = RatePeriod.objects.order_by("starts_on")

    refused = client.post(url("instance_tax_rate_back", counting.pk))
    client.post(url("instance_tax_rate_back", coming.pk))

    assert refused.status_code == 422
    assert list(RatePeriod.objects.all()) == [counting]


def test_a_zone_is_made_changed_and_ended(client, steward):
    kind_of_vat(client)
    wrong = client.post(url("instance_tax_zones"), {"zone-new-name": "Outre-mer", "zone-new-places": "Réunion"})
    client.post(url("instance_tax_zones"), {"zone-new-name": "Outre-mer", "zone-new-places": "fr971; FR 974"})
    zone = TaxZone.objects.get()
    key = f"zone-{zone.pk}"
    client.post(url("instance_tax_zone", zone.pk), {f"{key}-name": "DOM", f"{key}-places": "FR 971"})
    begun = begin(client, "2099-01-01", "2,1", zone_id=zone.pk)

    assert (wrong.status_code, begun.status_code) == (422, 303)
    assert "FR 971" in wrong.content.decode()
    assert TaxZone.objects.values_list("name", "places").get() == ("DOM", "FR 971")
    assert "DOM" in client.get(url("instance_taxes")).content.decode()
    client.post(url("instance_tax_zone_end", zone.pk))
    assert TaxZone.objects.get().ended_at is not None
    assert client.get(url("instance_taxes")).context["zones"] == []


def test_a_shelf_is_added_once(client, steward):
    picture = client.get(url("instance_shelves")).context["form"].fields["picture"].choices[0][0]
    said = {"name_fr": "Légumes", "name_en": "Vegetables", "slug": "legumes", "picture": picture, "field": "meadow"}
    first, second = client.post(url("instance_shelves"), said), client.post(url("instance_shelves"), said)

    assert (first.status_code, second.status_code, Category.objects.count()) == (303, 422, 1)


def start(client, person, reason="Cannot find the sale."):
    return client.post(url("visit", person.id), {"reason": reason})


def test_a_steward_acts_as_a_person_who_sees_it_and_is_told(client, steward):
    anne, hub = make.person("anne@example.org", name="Anne", language="en"), make.hub(slug="halle")
    make.role(anne, hub)
    start(client, anne)
    account = client.get(reverse("network:account")).content.decode()
    client.post(reverse("network:agreements", args=["halle"]))
    client.post(reverse("network:team", args=["halle"]), {"email": "new@example.org", "role": "volunteer"})
    closed = client.get(url("instance")).status_code
    outbox.deliver_due(now=make.NOW.replace(year=2100))
    send_due(now=make.NOW.replace(year=2100))

    assert "You act as Anne" in account
    assert "Maud" in account and "Cannot find the sale." in account
    assert closed == 403
    assert Event.objects.get(kind="network.InvitationMade").by == f"person:{anne.id} by person:{steward.id}"
    [told] = [message for message in mail.outbox if "anne@example.org" in message.to[0]]
    assert (told.subject, "Cannot find the sale." in told.body) == ("Maud acts in your name", True)


def test_what_is_the_persons_alone_stays_closed_to_a_visitor(client, steward):
    anne = make.person("anne@example.org", name="Anne")
    start(client, anne)

    own = [reverse("network:erasure"), reverse("network:data"), reverse("network:profile"), reverse("account_email"),
           reverse("account_change_password"), reverse("mfa_index")]  # fmt: skip
    assert [client.get(address).status_code for address in own] == [403] * len(own)
    assert client.post(reverse("network:profile"), {"name": "X", "phone": "", "language": "fr"}).status_code == 403
    assert Person.objects.get(id=anne.id).name == "Anne"


def test_a_visit_ends_when_told_or_by_itself(client, steward):
    anne = make.person(name="Anne")
    start(client, anne)
    client.post(url("visit_end"))
    after = client.get(url("instance")).status_code
    start(client, anne)
    Visit.objects.update(ends_at=Visit.objects.latest("id").started_at - timedelta(hours=1))

    assert after == 200
    assert client.get(url("instance")).status_code == 200


def test_a_visit_needs_a_reason_and_is_to_nobody_of_power(client, steward):
    other, closed = make.person(is_staff=True), make.person(is_active=False)
    anne = make.person()

    assert start(client, anne, reason=" ").status_code == 422
    assert [start(client, person).status_code for person in (other, closed, steward)] == [422, 422, 422]
    assert not Visit.objects.exists()


def test_a_stolen_session_key_opens_no_visit(client):
    anne, paul = make.person(name="Anne"), make.person(name="Paul")
    visit = Visit.objects.create(
        steward=make.person(is_staff=True),
        person=anne,
        reason="x",
        started_at=make.NOW,
        ends_at=make.NOW.replace(year=2100),
    )
    client.force_login(paul, backend=BACKEND)
    session = client.session
    session["visit"] = visit.pk
    session.save()

    assert "Anne" not in client.get(reverse("network:account")).content.decode()
    assert start(client, anne).status_code == 403
    assert Enterprise.objects.count() == 0


def test_a_feature_is_switched_for_all_for_some_or_for_nobody(client, steward):
    hub, other = make.hub("Halle"), make.hub("Gare")
    elsewhere = make.hub(
        instance=Instance.objects.create(slug="b", name="B", host="b.example", mail_from="b@b.example")
    )

    def turned(state, *chosen):
        said = {"prefix": "white_label", "white_label-switch": "white_label", "white_label-state": state,
                "white_label-enterprise_ids": [one.pk for one in chosen]}  # fmt: skip
        status = client.post(url("instance_switches"), said).status_code
        found = queries.switches(instance_id=hub.instance_id)
        in_sql = Enterprise.objects.filter(queries.enabled(Switch.WHITE_LABEL), id__in=[hub.pk, other.pk])
        by_rule = [one.pk for one in (hub, other) if found.are_on(Switch.WHITE_LABEL, enterprise_id=one.pk)]
        assert sorted(in_sql.values_list("id", flat=True)) == sorted(by_rule)
        return status, len(by_rule)

    assert turned("chosen", hub) == (303, 1)
    assert turned("off") == (303, 0)
    assert turned("all") == (303, 2)
    assert turned("chosen") == (303, 0)
    assert turned("perhaps") == (422, 0)
    assert turned("chosen", elsewhere) == (422, 0)
    assert queries.switches(instance_id=elsewhere.instance_id).are_on(Switch.WHITE_LABEL, enterprise_id=elsewhere.pk)
    assert Event.objects.filter(kind="network.FeatureSwitched").count() == 4


def test_a_request_reads_its_switches_once(client, steward, django_assert_num_queries):
    from bocage.network.models import FeatureSwitch

    for name in ("white_label", "embedded_shop", "long_gone"):
        FeatureSwitch.objects.create(instance=make.instance(), name=name, state="off")
    instance_id = make.instance().pk
    with django_assert_num_queries(1):
        found = queries.switches(instance_id=instance_id)
        assert [found.are_on(switch, enterprise_id=1) for switch in Switch] == [False, False]

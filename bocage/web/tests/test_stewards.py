"""The platform's settings for its stewards, and the logged door by which one acts as a person."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from bocage.catalogue.models import Category
from bocage.infra import outbox
from bocage.infra.models import Event
from bocage.messages.actions import send_due
from bocage.network import queries
from bocage.network.models import Enterprise, Instance, LegalText, Person, Visit
from bocage.network.rules.links import HalfALink, Link, NotALink, tidy_links
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


PAGES = (
    "instance",
    "instance_links",
    "instance_terms",
    "instance_taxes",
    "instance_shelves",
    "instance_switches",
    "instance_people",
)


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


def test_the_platform_speaks_in_its_own_words_version_by_version_and_falls_silent_again(client, steward):
    notice, home = reverse("web:legal", args=["notice"]), reverse("web:home")
    for title, body in (("Qui sommes-nous ?", "Trois fermes."), ("Qui sommes-nous ?", "Quatre fermes.")):
        client.post(url("instance_text", "notice"), {"title": title, "body": body})
    client.post(
        url("instance_text", "home"), {"title": "Le marché de Vire", "body": "Chaque <b>jeudi</b><script>1</script>."}
    )

    said = client.get(notice).content.decode()
    at_home = client.get(home).content.decode()
    assert (
        "Quatre fermes." in said and reverse("web:source") in said
    )  # the licence asks for that link whatever one says
    assert "Le marché de Vire</h1>" in at_home and "<script>1" not in at_home
    client.post(url("instance_text", "notice"), {"title": "", "body": ""})
    assert "Qui sommes-nous" not in client.get(notice).content.decode()
    assert list(LegalText.objects.filter(kind="notice").values_list("version", flat=True)) == [1, 2, 3]
    assert queries.current_texts(instance_id=make.instance().id) == []
    assert client.get(url("instance_text", "poems")).status_code == 404


def test_stewards_say_whether_the_terms_are_accepted_to_order_and_to_open_an_enterprise(client, steward):
    client.post(url("instance_terms"), {"title": "Terms", "body": "Be kind."})
    here, hub = make.instance(), make.hub()
    hubs = make.legal_text(hub, instance=here)

    def asked(to):
        return [row.is_hub for row in queries.current_texts(instance_id=here.id, hub_id=hub.id, to=to)]

    assert (asked("order"), asked("register")) == ([False, True], [False, True])
    client.post(url("instance_asking"), {"terms_to_register": "on"})
    assert (asked("order"), asked("register"), asked("")) == ([True], [False, True], [False, True])
    assert queries.current_texts(instance_id=here.id, hub_id=hub.id, to="order")[0].id == hubs.id


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


def lines(*links):
    said = {f"{name}_{number}": "" for number in range(7) for name in ("words", "url", "place")}
    for number, link in enumerate(links):
        said |= {f"{name}_{number}": value for name, value in zip(("words", "url", "place"), link, strict=True)}
    return said


def test_links_stand_where_the_steward_put_them_and_lead_nowhere_unsafe(client, steward):
    kept = client.post(url("instance_links"), lines(("Guide", "https://guide.example/", "menu"), ("", "", ""),
                                                    ("Forum", "/groups/", "foot")))  # fmt: skip
    refused = client.post(url("instance_links"), lines(("Kept words", "javascript:alert(1)", "foot")))
    half = client.post(url("instance_links"), lines(("", "", ""), ("Only words", "", "foot")))
    home = client.get("/").content.decode()

    assert (kept.status_code, refused.status_code, half.status_code) == (303, 422, 422)
    assert "Kept words" in refused.content.decode()
    assert "look at line 2" in half.content.decode()
    assert [(one["words"], one["place"]) for one in Instance.objects.get().links] == [
        ("Guide", "menu"),
        ("Forum", "foot"),
    ]
    menu, foot = home.partition("<footer")[::2]
    assert 'href="https://guide.example/"' in menu
    assert 'href="https://guide.example/"' not in foot
    assert 'href="/groups/">Forum' in foot


@given(st.text(max_size=40), st.text(max_size=60))
def test_no_link_leads_into_a_script(words, address):
    try:
        found = tidy_links([Link(words, address)])
    except (HalfALink, NotALink):
        return
    for one in found:
        assert one.url.startswith(("https://", "http://", "mailto:", "/"))
        assert not one.url.startswith("//")


def test_a_steward_sends_themselves_a_mail_in_the_name_it_will_bear(client, steward):
    said = {"name": "Bocage", "language": "fr", "mail_from": "a@b.example", "contact_email": "c@b.example",
            "mail_name": 'Le "Bocage"\r\nBcc: x@y.example'}  # fmt: skip
    client.post(url("instance"), said)
    client.post(url("instance_test_mail"))
    send_due(now=timezone.now())
    sent = mail.outbox[-1]

    assert (sent.to, sent.from_email) == (
        ['"Maud" <steward@example.org>'],
        '"Le Bocage Bcc: x@y.example" <a@b.example>',
    )
    client.force_login(make.person(), backend=BACKEND)
    assert client.post(url("instance_test_mail")).status_code == 403


def test_what_search_engines_show_stands_in_every_head(client, steward):
    Instance.objects.update(description="Farms of the <hills>")

    assert '<meta name="description" content="Farms of the &lt;hills&gt;">' in client.get("/").content.decode()


def test_a_steward_forgets_a_person_after_seeing_what_stays_and_typing_their_address(client, steward):
    anne = make.person("anne@example.org", name="Anne Dupont")
    hub = make.hub("Halle")
    make.customer(hub, person=anne)
    make.role(anne, make.hub("Gare"), "volunteer")
    page = url("forgetting", anne.pk)
    shown = client.get(page).content.decode()
    wrong = client.post(page, {"reason": "Asked by mail", "typed": "anna@example.org"})
    before = Person.objects.get(pk=anne.pk).is_active
    done = client.post(page, {"reason": "Asked by mail", "typed": " Anne@Example.org "})
    listed = client.get(url("instance_people")).content.decode()

    assert "What Halle noted of them" in shown
    assert "Their role at Gare" in shown
    assert "order" not in shown.partition("Kept, without their name")[2].partition("</section>")[0]
    assert (wrong.status_code, before, done.status_code) == (422, True, 303)
    assert "Asked by mail" in wrong.content.decode()
    assert not Person.objects.get(pk=anne.pk).is_active
    assert f"number {anne.pk}" in listed
    assert "Asked by mail" in listed
    assert "Anne Dupont" not in listed
    assert client.get(page).status_code == 404


def test_who_owns_something_or_is_a_steward_is_not_forgotten_by_another(client, steward):
    owner, other = make.person(), make.person(is_staff=True)
    make.hub("Halle", owner=owner)

    for person, words in ((owner, "They own Halle."), (other, "Stewards close their own account themselves")):
        page = url("forgetting", person.pk)
        assert words in client.get(page).content.decode()
        assert client.post(page, {"reason": "x", "typed": person.email}).status_code == 422
        assert Person.objects.get(pk=person.pk).is_active


def test_only_stewards_open_the_door_to_forgetting(client, steward):
    anne = make.person()
    client.force_login(make.person(), backend=BACKEND)

    assert client.get(url("forgetting", anne.pk)).status_code == 403
    assert client.post(url("forgetting", anne.pk), {"reason": "x", "typed": anne.email}).status_code == 403
    assert Person.objects.get(pk=anne.pk).is_active

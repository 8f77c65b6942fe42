"""The pages of invoices: what a hub looks for and downloads, what it sets, what a customer sees and nobody else."""

from __future__ import annotations

import io
import zipfile

import pypdf
import pytest
from django.test import Client

from bocage.invoicing import actions
from bocage.invoicing.models import BillingIdentity, Document, SellerTerms
from bocage.invoicing.tests import make
from bocage.network.models import Enterprise
from bocage.network.tests import make as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub():
    return people.hub("Panier", **make.SELLER)


@pytest.fixture
def buyer(hub):
    """A person with an account who buys at the hub."""
    return people.customer(hub, person=people.person("armelle@example.org"), name="Armelle Le Goff")


@pytest.fixture
def issued(hub, buyer, now):
    """Two invoices of two customers, the first of them taken back."""
    who = people.manager(hub)
    for ref, customer in (("A1", buyer), ("B2", people.customer(hub))):
        bill = make.bill(about=f"order:{ref}", customer_id=customer.pk)
        actions.issue(seller_id=hub.pk, bill=bill, actor=who, now=now)
    actions.credit(seller_id=hub.pk, about="order:A1", actor=who, now=now)
    return Document.objects.order_by("id")


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def staff(hub):
    """Return a client who has a role at the hub."""

    def sign(role="manager"):
        person = people.person()
        people.role(person, hub, role)
        return signed_in(person)

    return sign


def at(hub, rest=""):
    return f"/hub/{hub.slug}/invoices/{rest}"


def test_a_hub_sees_what_it_issued_and_what_was_taken_back(hub, issued, staff):
    text = staff("volunteer").get(at(hub)).content.decode()

    assert text.index("A2026-00001") < text.index("F2026-00002") < text.rindex("F2026-00001")
    assert "taken back by A2026-00001" in text and "takes back F2026-00001" in text


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("kind=credit_note", {"A2026-00001"}),
        ("text=b2", {"F2026-00002"}),
        ("month=2026-06", {"A2026-00001", "F2026-00001", "F2026-00002"}),
        ("month=2026-07", set()),
        ("month=nonsense&kind=x&after=999999999999999999999", {"A2026-00001", "F2026-00001", "F2026-00002"}),
    ],
)
def test_one_finds_an_invoice_by_kind_month_number_name_or_order(hub, issued, staff, query, numbers):
    response = staff().get(f"{at(hub)}?{query}")

    assert {row.number for row, _ in response.context["rows"]} == numbers


def test_papers_are_downloaded_as_they_were_issued(hub, issued, staff):
    pdf = staff("bookkeeper").get(at(hub, "F2026-00002.pdf"))
    xml = staff("bookkeeper").get(at(hub, "F2026-00002.xml"))

    reader = pypdf.PdfReader(io.BytesIO(pdf.content))
    assert (pdf["Content-Type"], reader.attachments["factur-x.xml"]) == ("application/pdf", [xml.content])
    assert "no-store" in pdf["Cache-Control"]


def test_all_that_was_found_is_downloaded_at_once_or_printed_in_one(hub, issued, staff):
    bundle = staff().get(at(hub, "all.zip?kind=invoice"))
    names = zipfile.ZipFile(io.BytesIO(b"".join(bundle.streaming_content))).namelist()
    copies = staff().get(at(hub, "all.pdf"))

    assert names == ["F2026-00001.pdf", "F2026-00002.pdf"]
    assert len(pypdf.PdfReader(io.BytesIO(copies.content)).pages) == 3


def test_nothing_found_is_nothing_to_print(hub, staff):
    assert staff().get(at(hub, "all.pdf")).status_code in (302, 303)


@pytest.mark.parametrize("rest", ["", "F2026-00002.pdf", "F2026-00002.xml", "all.zip", "all.pdf"])
def test_strangers_see_nothing(hub, issued, rest):
    stranger = people.person()
    people.role(stranger, people.hub("Autre"), "manager")

    assert signed_in(stranger).get(at(hub, rest)).status_code == 403


def test_another_hubs_number_is_not_here(hub, issued):
    other, person = people.hub("Autre"), people.person()
    people.role(person, other, "manager")

    assert signed_in(person).get(at(other, "F2026-00002.pdf")).status_code == 404


def test_a_customer_sees_their_own_invoices_and_no_other(issued, buyer):
    client = signed_in(buyer.person)
    text = client.get("/account/invoices/").content.decode()

    first, second, credit = issued
    assert first.number in text and credit.number in text and second.number not in text
    assert client.get(f"/account/invoices/{first.pk}.pdf").content.startswith(b"%PDF")
    assert client.get(f"/account/invoices/{second.pk}.pdf").status_code == 404
    assert signed_in(people.person()).get(f"/account/invoices/{first.pk}.pdf").status_code == 404


def test_a_hub_is_told_what_is_missing_on_its_papers(hub, staff):
    Enterprise.objects.filter(id=hub.pk).update(siret="")

    assert "Still missing: SIRET, VAT identification number" not in staff().get(at(hub)).content.decode()
    assert "Still missing: SIRET" in staff().get(at(hub)).content.decode()


SETTINGS = {"moment": "hand_over", "is_mailed": "on", "payment_days": "30", "late_rate_millionths": "12,5"}


def test_a_hub_sets_what_its_invoices_say(hub, staff, issued):
    response = staff().post(f"/hub/{hub.slug}/settings/invoices/", {**SETTINGS, "footer": "Merci"})

    terms = SellerTerms.objects.get()
    assert response.status_code in (302, 303)
    assert (terms.moment, terms.payment_days, terms.late_rate_millionths) == ("hand_over", 30, 125_000)
    assert Document.objects.first().content["terms"]["footer"] == ""


def test_what_cannot_be_is_said_and_what_was_typed_stays(hub, staff):
    response = staff().post(
        f"/hub/{hub.slug}/settings/invoices/", {**SETTINGS, "payment_days": "90", "footer": "Merci"}
    )

    assert response.status_code == 422
    assert "Merci" in response.content.decode()
    assert not SellerTerms.objects.exists()


def test_settings_are_for_managers_alone(hub, staff):
    assert staff("bookkeeper").get(f"/hub/{hub.slug}/settings/invoices/").status_code == 403


BUYER = {"name": "Cantine", "street": "8 rue des Écoles", "postcode": "61000", "town": "Malvran", "country": "FR"}


def test_a_bookkeeper_says_as_whom_a_customer_is_invoiced(hub, buyer, staff):
    url = f"/hub/{hub.slug}/customers/{buyer.pk}/invoicing/"
    wrong = staff("bookkeeper").post(url, {**BUYER, "is_professional": "on", "siren": "404833049"})
    right = staff("bookkeeper").post(
        url, {**BUYER, "is_professional": "on", "siren": "404 833 048", "is_monthly": "on"}
    )

    assert (wrong.status_code, right.status_code) == (422, 303)
    assert "404833049 is not a valid number" in wrong.content.decode()
    kept = BillingIdentity.objects.get()
    assert (kept.siren, kept.is_monthly) == ("404833048", True)
    assert staff("volunteer").get(url).status_code == 403

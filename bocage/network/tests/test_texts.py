"""Terms in force, and who accepted which version."""

from typing import Any

import pytest

from bocage.commons.refusals import Forbidden
from bocage.network import actions, queries
from bocage.network.models import Consent
from bocage.network.rules import SYSTEM
from bocage.network.tests import make

pytestmark = pytest.mark.django_db


def test_the_newest_version_of_the_instance_and_of_the_hub_are_in_force(django_assert_num_queries):
    hub, other = make.hub("Le Panier"), make.hub()
    make.legal_text(version=1)
    general = make.legal_text(version=2, title="General terms")
    make.legal_text(hub, version=1)
    own = make.legal_text(hub, version=3, title="Terms of sale")
    make.legal_text(other, version=9)

    with django_assert_num_queries(1):
        rows = queries.current_texts(instance_id=general.instance_id, hub_id=hub.id)

    assert [(row.id, row.whose, row.is_hub, row.version, row.title) for row in rows] == [
        (general.id, "Bocage", False, 2, "General terms"),
        (own.id, "Le Panier", True, 3, "Terms of sale"),
    ]


def test_accepting_twice_keeps_one_consent_and_its_first_moment():
    text = make.legal_text()
    later = make.NOW.replace(hour=12)

    actions.accept(text_ids=[text.id], email="Anne@example.org", person_id=None, now=make.NOW)
    actions.accept(text_ids=[text.id, text.id], email="anne@example.org", person_id=None, now=later)

    assert list(Consent.objects.values_list("text_id", "email", "given_at")) == [
        (text.id, "anne@example.org", make.NOW)
    ]


def test_a_guests_acceptance_is_not_taken_for_that_of_the_person_with_this_address():
    text, anne = make.legal_text(), make.person("anne@example.org")
    actions.accept(text_ids=[text.id], email="anne@example.org", person_id=None, now=make.NOW)

    assert queries.accepted([text.id], person_id=anne.id) == set()
    assert queries.accepted([text.id], email="anne@example.org") == {text.id}


def test_a_new_version_is_not_accepted_by_accepting_the_old():
    anne = make.person()
    old, new = make.legal_text(version=1), make.legal_text(version=2)
    actions.accept(text_ids=[old.id], email=anne.email, person_id=anne.id, now=make.NOW)

    assert queries.accepted([old.id, new.id], person_id=anne.id) == {old.id}


def test_publishing_counts_versions_up_and_cleans_the_text():
    hub = make.hub()
    make.legal_text(hub, version=4)
    body = '<p onclick="steal()">Pay <b>on time</b>.</p><script>alert(1)</script>'

    published = {
        "instance_id": hub.instance_id,
        "enterprise_id": hub.id,
        "title": "Terms",
        "body": body,
        "now": make.NOW,
    }
    actions.publish_text(**published, actor=make.manager(hub))

    [row] = queries.current_texts(instance_id=hub.instance_id, hub_id=hub.id)
    assert (row.version, row.body) == (5, "<p>Pay <b>on time</b>.</p>")


def test_only_its_managers_publish_for_a_hub_and_only_stewards_for_the_instance():
    hub = make.hub()
    text: dict[str, Any] = {"instance_id": hub.instance_id, "title": "Terms", "body": "Terms", "now": make.NOW}

    with pytest.raises(Forbidden):
        actions.publish_text(**text, enterprise_id=hub.id, actor=make.manager(make.hub()))
    with pytest.raises(Forbidden):
        actions.publish_text(**text, actor=make.manager(hub))
    actions.publish_text(**text, actor=SYSTEM)

    assert [row.is_hub for row in queries.current_texts(instance_id=hub.instance_id, hub_id=hub.id)] == [False]

"""Enterprises founded and edited, their teams, and whose goods a hub may sell."""

import pytest

from bocage.commons.refusals import Forbidden, NotFound
from bocage.infra.models import Event
from bocage.network import actions, queries
from bocage.network.models import Agreement, Enterprise
from bocage.network.rules import (
    GUEST,
    SYSTEM,
    BadNumber,
    NobodyThere,
    NotYours,
    OwnerStays,
    SlugTaken,
    TooManyEnterprises,
    UnconfirmedAddress,
)
from bocage.network.tests import make

pytestmark = pytest.mark.django_db
LATER = make.NOW.replace(hour=18)


def found(actor, name="Ferme du Talus", **profile):
    profile = {"name": name, "is_producer": True, **profile}
    return actions.create_enterprise(instance_id=make.instance().id, profile=profile, actor=actor, now=make.NOW)


def edit(enterprise, actor, **changes):
    actions.edit_enterprise(enterprise_id=enterprise.id, changes=changes, actor=actor, now=make.NOW)


def test_a_person_founds_an_enterprise_manages_it_and_reads_its_mail():
    anne = make.person("anne@example.org", name="Anne")

    made = Enterprise.objects.get(id=found(make.actor(anne), visibility="public"))

    assert (made.slug, made.owner_id, made.visibility) == ("ferme-du-talus", anne.id, "linked")
    [row] = queries.team_of(enterprise_id=made.id, actor=make.actor(anne))
    assert (row.person_id, row.role, row.is_contact, row.is_owner) == (anne.id, "manager", True, True)
    assert Event.objects.get().kind == "network.EnterpriseCreated"


def test_two_enterprises_of_one_name_get_two_addresses():
    ids = [found(SYSTEM), found(SYSTEM)]

    assert [Enterprise.objects.get(id=pk).slug for pk in ids] == ["ferme-du-talus", "ferme-du-talus1"]


def test_a_guest_founds_nothing_and_nobody_founds_for_somebody_else():
    anne, bob = make.person(), make.person()

    with pytest.raises(Forbidden):
        found(GUEST)
    with pytest.raises(Forbidden):
        actions.create_enterprise(
            instance_id=make.instance().id, profile={"name": "X"}, owner_id=bob.id, actor=make.actor(anne), now=make.NOW
        )


def test_an_unconfirmed_person_founds_nothing():
    with pytest.raises(UnconfirmedAddress):
        found(make.actor(make.person(confirmed=False)))


def test_the_sixth_enterprise_is_refused():
    anne = make.person()
    for _ in range(5):
        make.enterprise(owner=anne)

    with pytest.raises(TooManyEnterprises):
        found(make.actor(anne))


def test_enterprises_of_one_owner_agree_at_once():
    """Worked example 5 of the domain file: A, a producer, and B, a hub, exist; C is a new hub."""
    anne = make.person()
    a, b = make.enterprise(owner=anne), make.hub(owner=anne)

    c = found(make.actor(anne), "C", is_producer=False, sells="any")

    assert list(Agreement.objects.values_list("producer_id", "hub_id")) == [(a.id, c)]
    d = found(make.actor(anne), "D")
    assert set(Agreement.objects.values_list("producer_id", "hub_id")) == {(a.id, c), (d, b.id), (d, c)}


def test_a_manager_edits_and_the_event_names_what_changed_only():
    farm = make.enterprise("Ferme", town="Vire")

    edit(farm, make.manager(farm), town="Vire", teaser=" Légumes ", story="<p>Hi<script>x()</script></p>")

    farm.refresh_from_db()
    assert (farm.teaser, farm.story) == ("Légumes", "<p>Hi</p>")
    assert Event.objects.get().payload == {"enterprise_id": farm.id, "fields": ["story", "teaser"]}


def test_nothing_changed_leaves_no_trace():
    farm = make.enterprise("Ferme", town="Vire")

    edit(farm, make.manager(farm), town="Vire")

    assert Event.objects.count() == 0


def test_another_enterprises_manager_edits_nothing_and_neither_does_a_volunteer():
    farm = make.enterprise()

    for actor in (make.manager(make.enterprise()), make.manager(farm, "volunteer"), GUEST):
        with pytest.raises(Forbidden):
            edit(farm, actor, name="Mine")
        with pytest.raises(Forbidden):
            queries.enterprise_settings(enterprise_id=farm.id, actor=actor)
        with pytest.raises(Forbidden):
            queries.team_of(enterprise_id=farm.id, actor=actor)


def test_only_the_owner_decides_how_it_sells():
    owner = make.person()
    farm = make.enterprise(owner=owner)
    make.role(owner, farm)

    with pytest.raises(NotYours):
        edit(farm, make.manager(farm), sells="any")
    edit(farm, make.actor(owner), sells="own")

    farm.refresh_from_db()
    assert farm.sells == "own"


@pytest.mark.parametrize("slug", ["verger", "hubs", "***"])
def test_a_wished_address_that_is_taken_is_refused_and_the_old_one_stays(slug):
    make.enterprise(slug="verger")
    farm = make.enterprise(slug="champ")

    with pytest.raises(SlugTaken):
        edit(farm, SYSTEM, slug=slug)
    farm.refresh_from_db()
    assert farm.slug == "champ"


@pytest.mark.parametrize("change", [{"siret": "73282932000075"}, {"iban": "FR7630006000011234567890188"}])
def test_a_mistyped_number_is_refused(change):
    with pytest.raises(BadNumber):
        edit(make.enterprise(), SYSTEM, **change)


def test_numbers_are_kept_without_spaces():
    farm = make.enterprise()

    edit(farm, SYSTEM, siret="732 829 320 00074", iban="fr76 3000 6000 0112 3456 7890 189")

    settings = queries.enterprise_settings(enterprise_id=farm.id, actor=SYSTEM)
    assert (settings.siret, settings.iban) == ("73282932000074", "FR7630006000011234567890189")


def test_a_hidden_page_opens_for_those_who_work_there_only():
    farm = make.enterprise(slug="secret", visibility="hidden")
    page = {"instance_id": farm.instance_id, "slug": "secret"}

    with pytest.raises(NotFound):
        queries.enterprise_page(**page, actor=GUEST)
    with pytest.raises(NotFound):
        queries.enterprise_page(**page, actor=make.manager(make.enterprise()))
    assert queries.enterprise_page(**page, actor=make.manager(farm, "volunteer")).id == farm.id


def test_a_linked_page_opens_for_everybody_and_for_no_search_engine():
    make.enterprise(slug="linked", visibility="linked", latitude="48.8", longitude="-0.9")

    page = queries.enterprise_page(instance_id=make.instance().id, slug="linked", actor=GUEST)

    assert (page.robots, page.latitude, page.longitude) == ("noindex, nofollow", 48.8, -0.9)


def test_my_hubs_are_those_of_mine_that_sell(django_assert_num_queries):
    anne = make.person()
    farm, hub = make.enterprise("A"), make.hub("B")
    make.hub("Not mine")
    make.role(anne, farm)
    make.role(anne, hub, "bookkeeper")
    actor = make.actor(anne)

    with django_assert_num_queries(1):
        assert [(row.id, row.role) for row in queries.hubs_of(actor)] == [(hub.id, "bookkeeper")]
    assert [row.id for row in queries.enterprises_of(actor)] == [farm.id, hub.id]
    assert queries.enterprises_of(GUEST) == []


def test_a_role_is_given_to_who_confirmed_the_address_and_changed_by_giving_another():
    hub, zoe = make.hub(), make.person("zoe@example.org", name="Zoé")
    manager = make.manager(hub)
    give = {"enterprise_id": hub.id, "email": "Zoe@example.org", "actor": manager, "now": make.NOW}

    actions.give_role(**give, role="volunteer")
    actions.give_role(**give, role="bookkeeper", is_contact=True)

    assert [
        (r.role, r.is_contact) for r in queries.team_of(enterprise_id=hub.id, actor=manager) if r.person_id == zoe.id
    ] == [("bookkeeper", True)]


def test_a_role_is_refused_to_an_unknown_or_unconfirmed_address():
    hub = make.hub()
    make.person("zoe@example.org", confirmed=False)

    for email in ("zoe@example.org", "nobody@example.org"):
        with pytest.raises(NobodyThere):
            actions.give_role(
                enterprise_id=hub.id, email=email, role="volunteer", actor=make.manager(hub), now=make.NOW
            )


def test_another_hubs_manager_gives_and_takes_no_roles():
    hub, zoe = make.hub(), make.person("zoe@example.org")
    make.role(zoe, hub)
    stranger = make.manager(make.hub())

    with pytest.raises(Forbidden):
        actions.give_role(enterprise_id=hub.id, email=stranger.email, role="manager", actor=stranger, now=make.NOW)
    with pytest.raises(Forbidden):
        actions.take_role(enterprise_id=hub.id, person_id=zoe.id, actor=stranger, now=make.NOW)


def test_the_owners_role_is_never_taken_nor_lowered():
    owner = make.person()
    hub = make.hub(owner=owner)
    make.role(owner, hub)
    manager = make.manager(hub)

    with pytest.raises(OwnerStays):
        actions.take_role(enterprise_id=hub.id, person_id=owner.id, actor=manager, now=make.NOW)
    with pytest.raises(OwnerStays):
        actions.give_role(enterprise_id=hub.id, email=owner.email, role="volunteer", actor=manager, now=make.NOW)


def test_anybody_may_leave():
    hub = make.hub()
    zoe = make.manager(hub, "volunteer")

    actions.take_role(enterprise_id=hub.id, person_id=zoe.person_id, actor=zoe, now=make.NOW)

    assert queries.team_of(enterprise_id=hub.id, actor=SYSTEM) == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_producers_of_a_hub_come_in_one_query(count, django_assert_num_queries):
    hub = make.hub()
    for _ in range(count):
        make.agreement(make.enterprise(), hub)

    with django_assert_num_queries(1):
        assert len(queries.producers_of(hub.id, at=make.NOW)) == count

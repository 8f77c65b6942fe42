import pytest
from django.contrib.staticfiles.finders import find

from bocage.catalogue.actions import lay_shelves, taxonomy
from bocage.catalogue.models import Category
from bocage.catalogue.tests import make
from bocage.commons.refusals import Forbidden
from bocage.network.rules import GUEST, SYSTEM


def test_each_shelf_is_named_in_two_languages_has_a_type_a_drawing_and_lies_under_one_before_it():
    above = set()
    for shelf in taxonomy():
        assert shelf.fr and shelf.en and shelf.dfc
        assert find(f"ui/drawings/{shelf.picture}.svg"), shelf
        assert not shelf.under or shelf.under in above
        if not shelf.under:
            above.add(shelf.slug)
    slugs = [shelf.slug for shelf in taxonomy()]
    assert len(slugs) == len(set(slugs)) >= 60


@pytest.mark.django_db
def test_shelves_are_laid_once_and_what_stewards_renamed_stays():
    make.category(slug="vegetables", name_fr="Nos légumes")

    added = lay_shelves(actor=SYSTEM)

    assert added == len(taxonomy()) - 1
    assert lay_shelves(actor=SYSTEM) == 0
    assert Category.objects.get(slug="vegetables").name_fr == "Nos légumes"
    carrots = Category.objects.select_related("parent").get(slug="carrots")
    assert (carrots.parent.slug, carrots.dfc_type.rpartition("#")[2]) == ("vegetables", "carrot")


@pytest.mark.django_db
def test_only_stewards_lay_shelves():
    with pytest.raises(Forbidden):
        lay_shelves(actor=GUEST)

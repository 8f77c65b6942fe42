"""A shelf for tests: a farm with two variants, and a hub."""

from types import SimpleNamespace

from bocage.catalogue.models import Category, Product, Variant
from bocage.network.models import Enterprise, Instance


def shelf() -> SimpleNamespace:
    instance = Instance.objects.create(slug="fr", name="Bocage", mail_from="b@b.example", contact_email="b@b.example")
    farm = Enterprise.objects.create(instance=instance, name="Ferme", slug="ferme", is_producer=True)
    hub = Enterprise.objects.create(instance=instance, name="Panier", slug="panier", sells="any")
    category = Category.objects.create(slug="legumes", name_fr="Légumes", name_en="Vegetables", picture="leek.svg")

    def variant(name: str) -> Variant:
        product = Product.objects.create(producer=farm, category=category, name=name)
        return Variant.objects.create(product=product, unit="weight", size=500, price_minor=200)

    return SimpleNamespace(farm=farm, hub=hub, leek=variant("Poireaux"), honey=variant("Miel"))

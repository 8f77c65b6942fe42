"""What the town decides together: members of five colleges, decisions taken and open, an assembly with its minutes."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import cycle
from random import Random
from typing import Any

from bocage.cooperative.governance import actions
from bocage.cooperative.governance.models import Option, Proposal, Vote
from bocage.cooperative.governance.queries.members import categories, colleges
from bocage.network.models import Person, Role
from bocage.network.queries import actor_for
from bocage.network.rules import SYSTEM, Actor

COLLEGES = {
    "shops": ("Fermes et boutiques", 40),
    "workers": ("Salariées et salariés", 20),
    "buyers": ("Acheteurs", 15),
    "ambassadors": ("Ambassadeurs et bénévoles", 15),
    "partners": ("Partenaires et collectivités", 10),
}
CATEGORIES = {
    "workers": "Salariés", "producers": "Producteurs", "beneficiaries": "Usagers", "public": "Collectivités publiques",
}  # fmt: skip
CATEGORY = {"shops": "producers", "workers": "workers", "partners": "public"}
JOINED = timedelta(days=112)
SIZES = {"workers": 4, "ambassadors": 4, "partners": 3, "buyers": 8}
SHOPS = 7
TARIFF = (
    "Chaque boutique contribue à hauteur de 1 % de ses ventes en ligne, ou d’un montant libre, y compris zéro.\n\n"
    "Personne n’est privé de sa boutique parce qu’il ne peut pas payer : une commission de membres accorde la solidarité."
)
MINUTES = (
    "La séance est ouverte à 18 h 30. Les comptes du premier exercice sont présentés et discutés.\n\n"
    "Décision 1 : les comptes sont approuvés à l’unanimité des présents.\n"
    "Décision 2 : le résultat est mis en réserve.\n\n"
    "L’assemblée remercie les bénévoles du point de retrait de la Halle. La séance est levée à 20 h 45."
)
DAY = timedelta(days=1)


class House:
    """The members, by college, each with the actor they are."""

    def __init__(self, instance_id: int, *, now: datetime, rng: Random):
        self.instance_id, self.now, self.rng = instance_id, now, rng
        self.people: dict[str, list[tuple[int, Actor]]] = {}

    @property
    def everybody(self) -> list[tuple[int, Actor]]:
        return [one for some in self.people.values() for one in some]

    def first(self, college: str, place: int = 0) -> Actor:
        return self.people[college][place][1]


def decide(instance_id: int, *, now: datetime, rng: Random) -> None:
    """Found the cooperative of the town and let it live: members, committees, five votes, two open ones, assemblies."""
    evening = now.replace(hour=16, minute=0, second=0, microsecond=0) - DAY
    house = House(instance_id, now=evening, rng=rng)
    actions.found(instance_id=instance_id, weights=COLLEGES, categories=CATEGORIES, body_id=None, actor=SYSTEM)
    _join(house)
    _seat(house)
    _tariff(house)
    _committee(house)
    _crate(house)
    _roadmap(house)
    _open_votes(house)
    _in_the_making(house)
    _assemblies(house)


def _join(house: House) -> None:
    at = house.now - JOINED
    ids = {one.code: one.id for one in colleges(house.instance_id)}
    kinds = dict(zip(CATEGORIES, [pk for pk, _name in categories(house.instance_id)], strict=True))
    for college, person, enterprise in _who():
        actor = actor_for(person)
        pk = actions.apply_for(
            instance_id=house.instance_id, college_id=ids[college],
            category_id=kinds[CATEGORY.get(college, "beneficiaries")], name=person.name,
            shares=house.rng.choice([1, 1, 2, 5]), enterprise_id=enterprise, actor=actor, now=at,
        )  # fmt: skip
        actions.admit(member_id=pk, actor=SYSTEM, now=at)
        actions.move_shares(member_id=pk, kind="payment", shares=1, actor=SYSTEM, now=at)
        house.people.setdefault(college, []).append((pk, actor))


def _who() -> list[tuple[str, Person, int | None]]:
    """Shops by who manages them; the others from the town's people and shoppers, none twice."""
    rows = Role.objects.filter(name="manager", enterprise__sells="any").select_related("person").order_by("id")
    found: dict[int, tuple[str, Person, int | None]] = {}
    for role in [*rows, *Role.objects.filter(name="manager").select_related("person").order_by("id")]:
        if len(found) < SHOPS and role.person_id not in found:
            found[role.person_id] = ("shops", role.person, role.enterprise_id)
    rest = Person.objects.exclude(id__in=found).exclude(name="").order_by("id")
    wanted = [college for college, number in SIZES.items() for _ in range(number)]
    return [*found.values(), *((college, person, None) for college, person in zip(wanted, rest, strict=False))]


def _seat(house: House) -> None:
    for name, seats in (
        ("office", [("workers", 0), ("shops", 0), ("buyers", 0)]),
        ("treasury", [("workers", 1)]),
        ("peers", [("shops", 1), ("shops", 2), ("ambassadors", 0)]),
    ):
        ids = [house.people[college][place][0] for college, place in seats]
        at = house.now - JOINED + DAY
        actions.seat(name=name, member_ids=ids, instance_id=house.instance_id, actor=SYSTEM, now=at)


def _tariff(house: House) -> None:
    title = "Une contribution de 1 %, ou libre"
    pk = _discussed(house, house.first("shops"), 80, 30, kind="tariff", title=title, body=TARIFF)
    _voted(house, pk, 50, 8, _in_turn())
    actions.apply_decision(
        proposal_id=pk, outcome="Le tarif s’applique depuis le premier du mois ; chaque boutique l’a accepté elle-même.",
        actor=house.first("workers"), now=house.now - 40 * DAY,
    )  # fmt: skip


def _committee(house: House) -> None:
    names = [actor.name for _pk, actor in (*house.people["shops"][1:3], *house.people["ambassadors"][:2])]
    pk = _discussed(
        house, house.first("workers"), 72, 14, kind="person", method="judgment",
        title="Qui siège à la commission des pairs ?",
        body="La commission accorde la solidarité et répond aux boutiques en difficulté. Elle siège un an.",
        options=[(name, None) for name in names],
    )  # fmt: skip
    codes = _codes(pk)

    def graded(_college: str) -> dict[str, int]:
        return {one: house.rng.choice([0, 0, 1, 1, 2, 3, 4][: 4 + place]) for place, one in enumerate(codes)}

    _voted(house, pk, 57, 8, graded, counting="heads")


def _crate(house: House) -> None:
    pk = _discussed(
        house, house.first("buyers"), 62, 14, method="schulze", title="Quelle caisse pour nos paniers ?",
        body="Les cartons s’abîment et coûtent. Trois solutions ont été essayées en avril.",
        options=[("Caisse en bois consignée", None), ("Bac pliant en plastique recyclé", None), ("Sac en toile", None)],
    )  # fmt: skip
    codes = _codes(pk)
    _voted(house, pk, 47, 8, lambda _college: [[one] for one in house.rng.sample(codes, 3 + house.rng.randint(0, 1))])


def _roadmap(house: House) -> None:
    pk = _discussed(
        house, house.first("ambassadors"), 46, 14, kind="roadmap", method="points", title="Feuille de route de l’hiver",
        body="Cent points chacun, quarante au plus par chantier. Le cercle de développement répond à chaque chantier.",
        options=[
            ("Carte des points de retrait hors ligne", 4_200_00), ("Impression des étiquettes au froid", 1_800_00),
            ("Paniers partagés entre voisins", 6_500_00), ("Recettes du panier de la semaine", 900_00),
        ],
        budget_minor=8_000_00,
    )  # fmt: skip
    codes = _codes(pk)
    shares = ([40, 30, 20, 10], [40, 40, 20, 0], [25, 25, 25, 25])
    _voted(
        house, pk, 31, 8, lambda _college: dict(zip(house.rng.sample(codes, 4), house.rng.choice(shares), strict=True))
    )
    best = Option.objects.filter(proposal_id=pk).order_by("position").first()
    if best:
        actions.answer_item(
            option_id=best.pk,
            body="Possible d’ici février : la carte tient déjà dans le téléphone, il manque la mise à jour.",
            actor=house.first("workers"), now=house.now - 20 * DAY,
        )  # fmt: skip


def _open_votes(house: House) -> None:
    pk = _discussed(
        house, house.first("shops"), 22, 14, title="Acheter ensemble une camionnette électrique",
        body="Une camionnette partagée entre les trois tournées, louée au kilomètre.\n\n"
        "Coût : 27 000 euros, dont 12 000 de subvention.",
    )  # fmt: skip
    _opened(house, pk, 4, 9, _in_turn(), part=0.55)
    pk = _discussed(
        house, house.first("ambassadors"), 21, 14, kind="person", method="judgment",
        title="Qui modère l’espace d’entraide cette année ?",
        body="Deux personnes, élues pour un an, relisent et répondent.",
        options=[(house.people["buyers"][place][1].name, None) for place in (1, 2, 3)],
    )  # fmt: skip
    codes = _codes(pk)
    _opened(
        house, pk, 3, 10, lambda _college: {one: house.rng.randint(0, 4) for one in codes}, part=0.4, counting="heads"
    )


def _in_the_making(house: House) -> None:
    pk = _proposed(
        house, house.first("buyers", 1), 9, kind="terms", title="Dire en une page ce que deviennent nos données",
        body="Les conditions d’utilisation commencent par une page en mots simples.",
    )  # fmt: skip
    _carry(house, pk, 9)
    for days, who, said in (
        (7, "shops", "Oui, et avec un exemple : ce que voit la ferme, ce que voit la boutique."),
        (6, "workers", "Je peux l’écrire ; relisez-la à deux ou trois."),
        (2, "partners", "La commune la mettrait volontiers sur son site."),
    ):
        actions.remark(proposal_id=pk, body=said, actor=house.first(who, 1), now=house.now - days * DAY)
    _proposed(
        house, house.first("partners"), 3, title="Un jour de livraison de plus en été",
        body="De juin à août, les marchés débordent le samedi. Essayons le mardi.",
    )  # fmt: skip


def _assemblies(house: House) -> None:
    office = house.first("workers")
    said: dict[str, Any] = {"instance_id": house.instance_id, "actor": office}
    held = (house.now - 35 * DAY).replace(hour=17, minute=30, second=0, microsecond=0)
    pk = actions.call_assembly(
        title="Assemblée générale ordinaire", starts_at=held, place="Salle des fêtes, et par visioconférence",
        agenda="Rapport moral\nComptes de l’exercice\nAffectation du résultat\nQuestions de chacun",
        now=held - 21 * DAY, **said,
    )  # fmt: skip
    members = house.everybody
    for member_id, _actor in members[:16]:
        actions.note_presence(assembly_id=pk, member_id=member_id, actor=office, now=held)
    actions.note_presence(assembly_id=pk, member_id=members[17][0], proxy_id=members[0][0], actor=office, now=held)
    actions.sign_minutes(
        assembly_id=pk, body=MINUTES, chair=house.first("shops").name, secretary=house.first("buyers").name,
        actor=office, now=held + DAY,
    )  # fmt: skip
    actions.call_assembly(
        title="Assemblée de printemps", starts_at=held + 62 * DAY, place="Halle de la commune",
        agenda="Où en est la camionnette\nFeuille de route\nÉlection des modérateurs", now=house.now - 2 * DAY, **said,
    )  # fmt: skip


# ── A proposal on its way ──────────────────────────────────────────────────────────────────────────────────────────
def _proposed(house: House, author: Actor, days: int, **said: Any) -> int:
    number = actions.propose(
        instance_id=house.instance_id, actor=author, now=house.now - days * DAY, **{"kind": "other", **said}
    )
    return Proposal.objects.values_list("id", flat=True).get(instance_id=house.instance_id, number=number)


def _carry(house: House, pk: int, days: int) -> None:
    for college in ("ambassadors", "shops"):
        if Proposal.objects.filter(pk=pk, state="draft").exists():
            actions.support(proposal_id=pk, actor=house.first(college, 2), now=house.now - days * DAY)


def _discussed(house: House, author: Actor, days: int, least: int, **said: Any) -> int:
    """Propose so many days ago, carry, freeze once the least time is over."""
    pk = _proposed(house, author, days, **said)
    _carry(house, pk, days)
    actions.freeze(proposal_id=pk, actor=author, now=house.now - (days - least) * DAY)
    return pk


def _opened(house: House, pk: int, days: int, length: int, says: Any, *, part: float = 0.8, counting: str = "") -> Vote:
    at = house.now - days * DAY
    vote_id = actions.open_vote(
        proposal_id=pk, closes_at=at + length * DAY, counting=counting, actor=house.first("workers"), now=at
    )
    for college, some in house.people.items():
        for member_id, actor in some:
            if actor.email.startswith(("nolwenn", "yannick")) and at + length * DAY > house.now:
                continue  # theirs is left to who tries the demo
            if house.rng.random() < part:
                nonce = f"{house.rng.getrandbits(128):032x}"
                actions.cast(
                    vote_id=vote_id, member_id=member_id, choice=says(college), nonce=nonce, actor=actor, now=at + DAY
                )
    return Vote.objects.get(pk=vote_id)


def _voted(house: House, pk: int, days: int, length: int, says: Any, *, counting: str = "") -> None:
    vote = _opened(house, pk, days, length, says, counting=counting)
    actions.close_due(now=vote.closes_at)


def _in_turn() -> Any:
    """Two for, one against, one for, one abstains: so every seed adopts."""
    said = cycle(["for", "for", "against", "for", "abstain", "for"])
    return lambda _college: next(said)


def _codes(pk: int) -> list[str]:
    return list(Option.objects.filter(proposal_id=pk).order_by("position").values_list("code", flat=True))

"""How goods come: the words for packs, in French with their gender and in English, singular and plural."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Noun:
    """A word for a pack; `is_feminine` decides the French article."""

    fr: str
    fr_plural: str
    is_feminine: bool
    en: str
    en_plural: str


@lru_cache(maxsize=1)
def _nouns() -> dict[str, Noun]:
    """Return the known nouns by each of their four forms, lower case; a form of both languages is French."""
    known = [_read(line, is_feminine=True) for line in FEMININE.strip().splitlines()]
    known += [_read(line, is_feminine=False) for line in MASCULINE.strip().splitlines()]
    english = {form: n for n in reversed(known) for form in (n.en, n.en_plural)}
    return english | {form: n for n in reversed(known) for form in (n.fr, n.fr_plural)}


def _read(line: str, *, is_feminine: bool) -> Noun:
    fr, fr_plural, en, en_plural = (part.strip() for part in line.split("|"))
    return Noun(fr, fr_plural or f"{fr}s", is_feminine, en, en_plural or f"{en}s")


def noun(word: str) -> Noun | None:
    """Return the noun that `word` is a form of, in either language and either number; None if unknown."""
    return _nouns().get(word.strip().lower())


def plural(count: float, word: str, language: str) -> str:
    """Return `word` in the language and the number that go with `count`; an unknown word stays as typed.

    English is singular for exactly 1, French from 0 up to but not including 2.
    """
    known = noun(word)
    if known is None:
        return word.strip()
    if language.startswith("fr"):
        return known.fr if 0 <= count < 2 else known.fr_plural
    return known.en if count == 1 else known.en_plural


# French | plural, if not with s | English | plural, if not with s
FEMININE = """
baguette || baguette |
barquette || punnet |
barre || bar |
boîte || box | boxes
botte || bunch | bunches
bouteille || bottle |
brique || drink carton |
bûche || log |
caisse || case |
couronne || ring |
cagette || tray |
douzaine || dozen | dozens
fiole || flask |
fontaine || bag-in-box | bags-in-box
meule || wheel |
miche || round loaf | round loaves
motte || pat |
part || portion |
pièce || piece |
plante || plant |
plaquette || slab |
poignée || handful |
portion || serving |
racine || root |
tablette || tablet |
tarte || tart |
terrine || terrine |
tête || head |
tige || stem |
tranche || slice |
tresse || braid |
unité || unit |
verrine || small jar |
"""
MASCULINE = """
bac || tub |
bidon || can |
bocal | bocaux | large jar |
bouquet || bouquet |
bulbe || bulb |
cadre || frame |
cageot || crate |
carton || cardboard box | cardboard boxes
colis | colis | parcel |
cubi || wine box | wine boxes
filet || net |
fromage || cheese |
fût || keg |
kit || kit |
lot || set |
œuf || egg |
pack || pack |
pain || loaf | loaves
panier || basket |
paquet || packet |
plant || seedling |
plat || dish | dishes
plateau | plateaux | platter |
pot || jar |
rayon || comb |
rouleau | rouleaux | roll |
sac || sack |
sachet || bag |
savon || soap |
seau | seaux | bucket |
tube || tube |
tubercule || tuber |
"""

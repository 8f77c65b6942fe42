"""The columns of a spreadsheet of goods, and the words by which people and other platforms head them."""

from __future__ import annotations

from dataclasses import dataclass

from bocage.commons.searching import folded


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a file: its key, its headings in French and English, and other headings that mean the same."""

    key: str
    fr: str
    en: str
    others: tuple[str, ...] = ()
    is_unread: bool = False


HEADINGS = (
    Heading("id", "N°", "No.", ("n", "no", "id", "variant_id")),
    Heading("distributor", "Groupe", "Hub", ("distributor", "shop", "boutique")),
    Heading("producer", "Ferme", "Producer", ("supplier", "producteur", "productrice", "farm")),
    Heading("name", "Produit", "Product", ("name", "nom", "product_name")),
    Heading("display_name", "Nom du format", "Name of the size", ("display_name", "variant")),
    Heading("category", "Rayon", "Category", ("categorie",)),
    Heading("description", "Description", "Description"),
    Heading("units", "Quantité", "Size", ("units", "unit_value", "contenance")),
    Heading("unit_type", "Unité", "Unit", ("unit_type",)),
    Heading("variant_unit_name", "Présentation", "How it comes", ("variant_unit_name", "conditionnement", "pack")),
    Heading("price", "Prix", "Price"),
    Heading("on_hand", "En stock", "On hand", ("on_hand", "stock")),
    Heading("on_demand", "À la demande", "On demand", ("on_demand",)),
    Heading("tax_category", "TVA", "VAT", ("tax_category", "taux de tva")),
    Heading("sku", "Code", "Code", ("sku",)),
    Heading("is_weighed", "Pesé à l’emballage", "Weighed when packed", ("weighed",)),
    Heading("weight_g", "Poids net (g)", "Net weight (g)", ("weight_g",)),
    Heading("keywords", "Mots de recherche", "Search words", ("keywords", "meta_keywords")),
    Heading("tags", "Étiquettes", "Tags"),
    Heading("origin", "Origine", "Origin"),
    Heading("allergens", "Allergènes", "Allergens"),
    Heading("for_sale", "En vente", "For sale", ("for_sale",)),
    Heading("source", "Fait du N°", "Made of No.", ("source", "source_id")),
    Heading("source_yields", "Combien en sortent", "How many come out", ("source_yields", "yields")),
    Heading("splits_stock", "Ouvert à la commande", "Opened as ordered", ("splits_stock",)),
    Heading("shipping_category", "Catégorie de livraison", "Shipping category", ("shipping_category",), is_unread=True),
    Heading("available_on", "Disponible le", "Available on", ("available_on",), is_unread=True),
)
OF_PRODUCTS = tuple(
    one.key for one in HEADINGS if not one.is_unread and one.key != "distributor"
)  # what a list of goods is written with
OF_INVENTORY = (
    "id", "distributor", "producer", "name", "display_name", "units", "unit_type", "variant_unit_name", "price",
    "on_hand", "on_demand", "sku", "tags", "for_sale",
)  # fmt: skip
YES_OR_NO = frozenset({"on_demand", "is_weighed", "for_sale", "splits_stock"})
NUMBERS = frozenset({"id", "units", "price", "on_hand", "weight_g", "source", "source_yields"})
_BY_WORD = {
    folded(word).replace("_", " "): one.key for one in HEADINGS for word in (one.key, one.fr, one.en, *one.others)
}
_UNREAD = frozenset(one.key for one in HEADINGS if one.is_unread)


def column_of(heading: str) -> str:
    """Return the key of the column that is headed so, in any case and either language; "" for one we do not know."""
    return _BY_WORD.get(folded(heading).replace("_", " ").strip("* "), "")


def is_unread(key: str) -> bool:
    """Return whether a column is known and has no meaning here."""
    return key in _UNREAD


def heading_of(key: str, language: str) -> str:
    """Return what a column is headed in the language."""
    one = next(one for one in HEADINGS if one.key == key)
    return one.fr if language.startswith("fr") else one.en


def letter(position: int) -> str:
    """Return the letters of a spreadsheet's column, counted from 0: A, B … Z, AA."""
    letters = ""
    number = position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters

"""The attestation that French law asks of till software (CGI, art. 286, I, 3° bis), ready to be signed, as a PDF.

Its two parts are those of the administration's model: who publishes the software attests, who uses it certifies. Who
signs, where and when is left blank: nobody is bound by a machine.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

from bocage.ui.paper import printed

TEMPLATE = Path(__file__).resolve().parent / "pdf" / "attestation.typ"


def as_pdf(*, instance: str, hub: str, siret: str, address: str) -> bytes:
    """Return the attestation for a hub, in French and in English, tagged."""
    release = version("bocage")
    user = ", ".join(part for part in (hub, f"SIRET {siret}" if siret else "", address) if part)
    data = {
        "title": f"Attestation individuelle, {hub}", "instance": instance, "hub": hub, "version": release,
        "fr": _french(instance, user, release), "en": _english(instance, user, release),
    }  # fmt: skip
    return printed(TEMPLATE, data)


def _french(instance: str, user: str, release: str) -> dict[str, Any]:
    return {
        "title": "Attestation individuelle de conformité",
        "law": "Logiciel ou système de caisse. Article 286, I, 3° bis du code général des impôts.",
        "parts": [
            {
                "title": "Volet 1 : l’éditeur",
                "blanks": ["Nom et qualité :", "Pour (dénomination, SIREN, adresse) :", "Fait à, le :", "Signature :"],
                "paragraphs": [
                    f"Je soussigné(e), représentant légal de l’éditeur du logiciel qui sert la plateforme {instance}, "
                    "atteste "
                    f"que le logiciel Bocage, version {release}, mis à la disposition de {user}, satisfait aux conditions "
                    ""
                    "d’inaltérabilité, de sécurisation, de conservation et d’archivage des données en vue du contrôle de "
                    ""
                    "l’administration fiscale, prévues au 3° bis du I de l’article 286 du code général des impôts.",
                    "Établir une fausse attestation est un délit (article 441-1 du code pénal).",
                ],
            },
            {
                "title": "Volet 2 : l’utilisateur",
                "blanks": ["Nom et qualité :", "Utilisé depuis le :", "Fait à, le :", "Signature :"],
                "paragraphs": [
                    f"Je soussigné(e), représentant légal de {user}, certifie utiliser le logiciel Bocage, version "
                    f"{release}, "
                    "pour enregistrer les règlements de mes clients, depuis la date écrite ci-dessus.",
                ],
            },
        ],
        "how": "Comment le logiciel y répond",
        "means": [
            "Inaltérabilité : chaque écriture porte un numéro sans trou et une empreinte SHA-256 qui la lie à la "
            "précédente ; "
            "la base de données refuse de la modifier ou de la supprimer. Une erreur se corrige par une nouvelle "
            "écriture.",
            "Sécurisation : la commande « bocage ledger verify » recalcule toute la chaîne et nomme ce qui "
            "aurait changé.",
            "Conservation : clôtures journalières, mensuelles et annuelles, avec le cumul de la période et le "
            "total perpétuel, "
            "signées (Ed25519).",
            "Archivage : une archive par année, datée, avec ses empreintes, ses signatures et le programme qui "
            "la vérifie.",
        ],
        "note": "Ce document est préparé par le logiciel et ne vaut qu’une fois signé par l’éditeur et par "
        "l’utilisateur. "
        "Conservez-le : il se présente sur demande en cas de contrôle.",
    }


def _english(instance: str, user: str, release: str) -> dict[str, Any]:
    return {
        "title": "Individual attestation of conformity",
        "law": "Till software. French tax code, article 286, I, 3° bis. For reading: the French text is the "
        "one to be signed.",
        "parts": [
            {
                "title": "Part 1: the publisher",
                "blanks": [],
                "paragraphs": [
                    f"The legal representative of the publisher of the software behind the platform {instance} attests "
                    "that "
                    f"Bocage, version {release}, provided to {user}, meets the conditions of inalterability, security, "
                    "conservation and archiving of data for the control of the tax administration.",
                ],
            },
            {
                "title": "Part 2: the user",
                "blanks": [],
                "paragraphs": [
                    f"The legal representative of {user} certifies that they use Bocage, version {release}, to record "
                    "what "
                    "their customers pay, since the date written in the French text.",
                ],
            },
        ],
        "how": "How the software answers",
        "means": [
            "Inalterability: every entry has a number without gaps and a SHA-256 that binds it to the one "
            "before; the database "
            "refuses to change or delete it. A mistake is undone by another entry.",
            "Security: “bocage ledger verify” computes the whole chain again and names what would have changed.",
            "Conservation: days, months and years are closed with what they add up to and the perpetual total, "
            "signed (Ed25519).",
            "Archiving: one archive a year, dated, with its hashes, its signatures, and the program that checks it.",
        ],
        "note": "This document is prepared by the software and is worth nothing before both have signed the "
        "French text.",
    }

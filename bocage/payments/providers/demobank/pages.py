"""The demo bank's one page, in the payer's language: what is paid, to whom, and what a person may do."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from bocage.commons.money import MINOR_DIGITS

_WORDS = {
    "fr": {
        "title": "Banque de démonstration",
        "honest": "Cette banque n’existe pas : aucun argent ne bouge, aucune carte n’est demandée.",
        "pay": "Payer {amount}",
        "decline": "Essayer une carte refusée",
        "give_up": "Renoncer et revenir",
        "declined": "La carte a été refusée. Essayez-en une autre.",
        "code": "Votre banque veut être sûre que c’est vous. Le code est {code}.",
        "code_label": "Code reçu",
        "wrong": "Ce n’est pas le bon code. C’est {code}.",
        "confirm": "Confirmer",
        "done": "Ce paiement est clos.",
        "back": "Revenir à la commande",
    },
    "en": {
        "title": "Demo bank",
        "honest": "This bank does not exist: no money moves, no card is asked for.",
        "pay": "Pay {amount}",
        "decline": "Try a card that is refused",
        "give_up": "Give up and go back",
        "declined": "The card was refused. Try another one.",
        "code": "Your bank wants to be sure that it is you. The code is {code}.",
        "code_label": "Code received",
        "wrong": "That is not the code. It is {code}.",
        "confirm": "Confirm",
        "done": "This payment is closed.",
        "back": "Back to the order",
    },
}

_STYLE = """
:root { color-scheme: light dark; font: 17px/1.5 system-ui, sans-serif }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #e8eef4; color: #14212b }
main { box-sizing: border-box; width: min(24rem, 100vw - 2rem); padding: 1.5rem; border-radius: 14px; background: #fff }
h1 { font-size: 1rem; margin: 0 0 1rem; color: #3a5a78 } p { margin: 0 0 .75rem }
.sum { font-size: 2.2rem; font-weight: 700; font-variant-numeric: tabular-nums }
form { display: grid; gap: .6rem } label { display: grid; gap: .25rem }
input, button { font: inherit; padding: .7rem 1rem; border-radius: 10px; border: 1px solid #7b93a8 }
button { min-height: 3rem; cursor: pointer; background: none; color: inherit }
button.go { background: #24567f; color: #fff; border-color: #24567f; font-weight: 700 }
.soft { color: #4c6172; font-size: .9rem } 
.say { padding: .6rem .8rem; border-radius: 10px; background: #fdebd9; color: #5a2d05 }
@media (prefers-color-scheme: dark) {
  body { background: #10181f; color: #e2ebf2 } main { background: #1a2630 } h1, .soft { color: #a6bccd }
  .say { background: #4a2f14; color: #fbe3cc } button.go { background: #9cc7ea; color: #0d2233; border-color: #9cc7ea }
}
"""


def page(row: Mapping[str, Any], said: str, *, code: str) -> str:
    """Return the page of a payment; `said` is what just happened: '', code, wrong, declined, done."""
    language = "en" if str(row.get("language", "")).startswith("en") else "fr"
    words, amount = _WORDS[language], _amount(row["amount"], row["currency"], language)
    told = {name: escape(text.format(amount=amount, code=code)) for name, text in words.items()}
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{told["title"]}</title>'
        f"<style>{_STYLE}</style></head><body><main><h1>{told['title']}</h1>"
        f'<p>{escape(str(row.get("label", "")))}</p><p class="sum">{escape(amount)}</p>'
        f'{_body(row, said, told)}<p class="soft">{told["honest"]}</p></main></body></html>'
    )


def _body(row: Mapping[str, Any], said: str, told: Mapping[str, str]) -> str:
    if said == "done":
        back = f'<p><a href="{escape(row["back_url"])}">{told["back"]}</a></p>' if row.get("back_url") else ""
        return f"<p>{told['done']}</p>{back}"
    give_up = f'<button name="choice" value="give_up">{told["give_up"]}</button>'
    if said in ("code", "wrong"):
        return (
            f'<p class="say" role="status">{told[said]}</p><form method="post"><label>{told["code_label"]}'
            f'<input name="code" inputmode="numeric" autocomplete="one-time-code" autofocus required></label>'
            f'<button class="go" name="choice" value="pay">{told["confirm"]}</button></form>'
            f'<form method="post">{give_up}</form>'
        )
    warning = f'<p class="say" role="status">{told["declined"]}</p>' if said == "declined" else ""
    return (
        f'{warning}<form method="post"><button class="go" name="choice" value="pay">{told["pay"]}</button>'
        f'<button name="choice" value="decline">{told["decline"]}</button>{give_up}</form>'
    )


def _amount(minor: int, currency: str, language: str) -> str:
    digits = MINOR_DIGITS.get(currency, 2)
    text = f"{minor / 10**digits:.{digits}f}"
    return f"{text.replace('.', ',')} {currency}" if language == "fr" else f"{currency} {text}"

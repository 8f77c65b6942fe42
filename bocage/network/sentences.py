"""What an agreement says, and why something may or may not be done, in the words of people."""

from __future__ import annotations

from django.utils.translation import gettext, pgettext

from bocage.network.rules import RIGHTS_OF_ROLE, Right
from bocage.network.rules.agreements import Act, Decision, Terms, Why


def clauses(terms: Terms) -> list[str]:
    """Return what the hub may do, one clause each, to follow "this farm lets this hub"."""
    said = []
    if terms.may_sell:
        said.append(
            {
                "as_is": gettext("sell its goods at the farm’s price, from the farm’s stock"),
                "own_price": gettext("sell its goods, set its own price and keep its own stock"),
                "resells": gettext("sell its goods"),
            }[terms.handling]
        )
    if terms.handling == "resells":
        said.append(gettext("make products of its own from them"))
    if terms.edits_goods:
        said.append(gettext("keep the farm’s products up to date"))
    if terms.edits_profile:
        said.append(gettext("keep the farm’s page up to date"))
    return said


def act_words(act: Act) -> str:
    """Return what an act is, as a verb."""
    return {
        Act.SELL: gettext("take the goods into its sales, and show the farm what was ordered"),
        Act.SET_PRICE: gettext("set its own price"),
        Act.SET_STOCK: gettext("count its own stock"),
        Act.RESELL: gettext("make products of its own from them"),
        Act.EDIT_GOODS: gettext("keep the farm’s products up to date"),
        Act.EDIT_PROFILE: gettext("keep the farm’s page up to date"),
    }[act]


def right_words(role: str) -> list[str]:
    """Return what somebody of this role may do, as verbs."""
    words = {
        Right.MANAGE_ENTERPRISE: gettext("manage the profile, the team and the agreements"),
        Right.MANAGE_CATALOGUE: gettext("manage products and stock"),
        Right.MANAGE_CYCLES: gettext("plan and open sales"),
        Right.MANAGE_ORDERS: gettext("change orders"),
        Right.RECORD_PAYMENTS: gettext("note payments"),
        Right.SEE_ORDERS: gettext("see orders and customers"),
        Right.PACK: gettext("pack and hand over"),
    }
    held = RIGHTS_OF_ROLE.get(role, frozenset())
    return [words[right] for right in words if right in held]


def why_words(decision: Decision) -> str:
    """Return the reason of a decision, as a sentence."""
    return {
        Why.OWN: gettext("These are its own goods."),
        Why.ROLE: gettext("By their role here."),
        Why.STEWARD: gettext("As steward of the platform."),
        Why.AGREEMENT: gettext("By the agreement in force."),
        Why.NOBODY_ACTS: gettext("Nobody acts for the farm here, so the hubs that sell its goods keep them right."),
        Why.NO_AGREEMENT: gettext("No agreement is in force."),
        Why.NOT_AGREED: gettext("The agreement in force does not say so."),
        Why.NO_ROLE: gettext("No role here."),
    }[decision.why]


def stage_words(stage: str) -> tuple[str, str]:
    """Return the stage of an agreement as a word, and the tone of its tag."""
    return {
        "answer": (pgettext("agreement", "waits for you"), "attention"),
        "waiting": (pgettext("agreement", "waits for them"), "info"),
        "running": (pgettext("agreement", "in force"), "open"),
        "coming": (pgettext("agreement", "to come"), "soon"),
        "past": (pgettext("agreement", "ended"), "shut"),
        "refused": (pgettext("agreement", "refused"), "shut"),
        "withdrawn": (pgettext("agreement", "withdrawn"), "shut"),
    }[stage]

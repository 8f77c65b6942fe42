"""What an enterprise may set a fee to: typed values and the reasons to refuse them. No Django, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bocage.commons.refusals import Refused, gettext_noop
from bocage.pricing.rules import ON_LINES, Calculator

WORTH: Mapping[Calculator, tuple[str, ...]] = {
    Calculator.PERCENT: ("percent_millionths",),
    Calculator.PER_ITEM: ("amount_minor",),
    Calculator.PER_KILOGRAM: ("amount_minor",),
    Calculator.PER_POUND: ("amount_minor",),
    Calculator.FLAT: ("amount_minor",),
    Calculator.FLEXIBLE: ("amount_minor", "additional_minor"),
    Calculator.SACK: ("amount_minor", "reduced_minor"),
}
KINDS = ("packing", "transport", "admin", "sales", "fundraising")


@dataclass(frozen=True, slots=True)
class FeeTerms:
    """A fee as people set it: amounts in minor units, percents in millionths (domain 03 §4.1 says which count when).

    `tax` is 'none', 'inherit' (that of the goods; only for fees on lines) or 'own' (with `tax_rate_id`).
    """

    name: str
    kind: str
    calculator: str
    percent_millionths: int = 0
    amount_minor: int = 0
    additional_minor: int = 0
    threshold_minor: int = 0
    reduced_minor: int = 0
    limit: int = 0
    tax: str = "none"
    tax_rate_id: int | None = None


class FeeNeedsAName(Refused):
    """People must be able to read what they pay for."""

    code = "pricing.fee_needs_a_name"
    message = gettext_noop("Give the fee a name that customers understand.")


class FeeNotKnown(Refused):
    """The kind, the way of counting or the tax is none that exists."""

    code = "pricing.fee_not_known"
    message = gettext_noop("Choose what the fee is for, how it counts and how it is taxed.")


class OrderFeeInheritsNoTax(Refused):
    """A fee on a whole order has no single good whose VAT it could take."""

    code = "pricing.order_fee_inherits_no_tax"
    message = gettext_noop(
        "A fee on the whole order cannot take the VAT of the goods. Choose a rate of its own, or none."
    )


class OwnTaxNeedsARate(Refused):
    """The fee has its own VAT but no rate was chosen."""

    code = "pricing.own_tax_needs_a_rate"
    message = gettext_noop("Choose the VAT rate of this fee.")


class FlexibleFeeNeedsALimit(Refused):
    """A fee for the first and each further item needs to know up to how many it counts."""

    code = "pricing.flexible_needs_a_limit"
    message = gettext_noop("Say up to how many items this fee counts: at least one.")


class FeeNeedsAnAmount(Refused):
    """A fee of nothing is none."""

    code = "pricing.fee_needs_an_amount"
    message = gettext_noop("Say how much this fee is. If it should cost nothing, leave the fee out.")


def check_terms(terms: FeeTerms) -> None:
    """Refuse terms that could not be charged. Raises FeeNeedsAName, FeeNotKnown and the reasons beside them."""
    if not terms.name.strip():
        raise FeeNeedsAName
    if (
        terms.kind not in KINDS
        or terms.calculator not in set(Calculator)
        or terms.tax not in ("none", "inherit", "own")
    ):
        raise FeeNotKnown
    if terms.tax == "inherit" and Calculator(terms.calculator) not in ON_LINES:
        raise OrderFeeInheritsNoTax
    if terms.tax == "own" and terms.tax_rate_id is None:
        raise OwnTaxNeedsARate
    if not any(getattr(terms, name) for name in WORTH[Calculator(terms.calculator)]):
        raise FeeNeedsAnAmount
    if terms.calculator == Calculator.FLEXIBLE and terms.limit < 1:
        raise FlexibleFeeNeedsALimit

"""Fees and rates, for tests."""

from __future__ import annotations

from typing import Any

from bocage.network.models import Enterprise
from bocage.network.tests.make import NOW, hub, manager
from bocage.pricing.models import EnterpriseFee, TaxRate


def rate(code: str = "reduced", **fields: Any) -> TaxRate:
    values = {"country": "FR", "code": code, "name": "TVA 5,5 %", "rate_millionths": 55000, **fields}
    return TaxRate.objects.create(**values)


def fee(enterprise: Enterprise, **fields: Any) -> EnterpriseFee:
    values = {
        "name": "Transport",
        "kind": "transport",
        "calculator": "per_item",
        "amount_minor": 15,
        "tax": "none",
        **fields,
    }
    return EnterpriseFee.objects.create(enterprise=enterprise, **values)


__all__ = ["NOW", "fee", "hub", "manager", "rate"]

"""Shops, for tests."""

from bocage.catalogue.tests.make import NOW, agreement, farm, hub, manager, product, rate, variant

__all__ = ["NOW", "agreement", "farm", "hub", "manager", "product", "rate", "variant"]

"""Reads about goods, as typed rows."""

from bocage.catalogue.queries.rights import may_manage_goods, require_goods

__all__ = ["may_manage_goods", "require_goods"]

"""Writing into the table of what an enterprise sells."""

from bocage.assortment.actions.cells import set_cell

__all__ = ["set_cell"]

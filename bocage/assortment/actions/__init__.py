"""Writing into the table of what an enterprise sells, cell by cell or by whole files."""

from bocage.assortment.actions.cells import set_cell
from bocage.assortment.actions.imports import apply_import, drop_import, plan_import, undo_import
from bocage.assortment.actions.reselling import resell

__all__ = ["apply_import", "drop_import", "plan_import", "resell", "set_cell", "undo_import"]

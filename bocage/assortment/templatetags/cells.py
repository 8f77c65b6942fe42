"""A cell of the product table as HTML: written here rather than in a template, since a page has a thousand of them."""

from __future__ import annotations

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from bocage.assortment.showing import Cell

register = template.Library()


@register.simple_tag
def table_cell(variant_id: int, cell: Cell) -> SafeString:
    """Return the cell with what it holds for the editor (`data-typed`, `data-seen`), and why it was refused, if it was."""
    key, marks = cell.column.key, ""
    if cell.may_edit:
        marks = f' data-edit data-seen="{escape(cell.seen)}" data-typed="{escape(cell.typed)}"'
    if cell.column.is_number:
        marks += ' class="num"'
    if cell.tone:
        marks += f' data-tone="{cell.tone}"'
    if cell.state:
        marks += f' data-state="{cell.state}" data-kept="{escape(cell.theirs_typed)}"'
        inside: str = render_to_string("assortment/refused_cell.html", {"cell": cell})
    else:
        inside = escape(cell.text) + (f"<small>{escape(cell.beside)}</small>" if cell.beside else "")
    label = escape(cell.column.label)
    return mark_safe(f'<td id="cell-{variant_id}-{key}" data-label="{label}" data-column="{key}"{marks}>{inside}</td>')

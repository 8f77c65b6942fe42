"""When a spreadsheet may be applied and taken back."""

from __future__ import annotations

from bocage.commons.refusals import Refused, gettext_noop


class AlreadyDone(Refused):
    """An import is applied once and taken back once."""

    code = "assortment.already_done"
    message = gettext_noop("This file was already dealt with. Look at what it did.")


class NothingToDo(Refused):
    """No row would change anything."""

    code = "assortment.nothing_to_do"
    message = gettext_noop("No row of this file would change anything.")

"""Pages that belong to no app alone."""

from bocage.web.views.errors import csrf_failure, not_found

__all__ = ["csrf_failure", "not_found"]

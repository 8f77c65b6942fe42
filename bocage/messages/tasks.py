"""Mail goes out as the worker comes round."""

from bocage.messages.actions import send_due

QUEUES = [send_due]

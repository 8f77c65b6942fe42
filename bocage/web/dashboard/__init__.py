"""The hub's day at a glance: what opens, closes, must be packed, is to be paid; and how this sale goes."""

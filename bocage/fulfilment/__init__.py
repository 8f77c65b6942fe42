"""Packing lists, supplier totals and hand-over."""

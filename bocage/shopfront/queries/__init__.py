"""Reads of the shop: what a hub sells today, and what somebody put into a basket."""

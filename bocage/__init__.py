"""Bocage: short food supply chains, sold online together."""

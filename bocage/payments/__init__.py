"""Asks, receives and gives back money."""

"""Puts the pieces together: root URLs, home, dashboards, the demo town."""

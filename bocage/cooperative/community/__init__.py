"""Ambassadors, mentors and thanks: how shops help each other."""

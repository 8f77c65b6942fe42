"""The pages of a hub's settings, by topic."""

"""The pages of people and enterprises, by topic."""

"""A text to a person, once, in their language."""

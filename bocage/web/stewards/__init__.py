"""The platform's own settings, for its stewards: its name and mail, its terms, its taxes and shelves; helping people."""

"""Products, their variants, categories and properties."""

"""Contributions: what each shop gives to its platform, every line shown."""

"""Reads of the product table and of what spreadsheets said, as typed rows."""

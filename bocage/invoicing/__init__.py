"""Invoices and credit notes: issued once, numbered without gaps, never changed."""

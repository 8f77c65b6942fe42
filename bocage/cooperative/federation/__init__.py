"""Instances that share one software: keys, shares, invoices between them, and a signed feed."""

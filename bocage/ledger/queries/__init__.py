"""Balances and entries: every amount a person sees is a sum of postings."""

from bocage.ledger.queries.balances import EntryRow, PostingRow, balance, due_by_reference, entries_about

__all__ = ["EntryRow", "PostingRow", "balance", "due_by_reference", "entries_about"]

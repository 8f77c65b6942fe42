"""Reads what instances declared, decided and sent each other."""

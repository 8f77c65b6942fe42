"""Instances, people, enterprises, customers, consents, and who may act for whom."""

"""Probes, incidents and the public figure of what worked."""

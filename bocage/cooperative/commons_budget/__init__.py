"""The public accounts of an instance: budget, journal, and how far it carries itself."""

"""The public pages of the federation."""

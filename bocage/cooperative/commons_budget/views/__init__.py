"""The public pages of the accounts, and those of who keeps them."""

"""How instances share what they have in common: keys, sharing to the cent, currencies, votes, signed books."""

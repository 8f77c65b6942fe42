"""Random baskets, priced in every way the house knows: each must come to the same cent."""

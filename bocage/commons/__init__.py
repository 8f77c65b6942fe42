"""Money, units, moments and refusals: plain Python that every storey may use."""

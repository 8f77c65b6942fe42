"""Which variant goes from which producer to which hub, when, with which fees: the offers."""

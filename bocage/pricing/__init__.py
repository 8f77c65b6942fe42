"""What a line costs and why: fees, tax, rounding, as pure functions; fee and tax tables."""

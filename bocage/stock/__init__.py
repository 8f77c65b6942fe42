"""How much there is, who holds it, and each movement that changed it."""

"""A hub's terms: shop settings, pickup points, delivery methods, listings."""

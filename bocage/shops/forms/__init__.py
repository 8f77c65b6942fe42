"""What people type about a shop, by topic."""

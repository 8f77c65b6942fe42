"""What the cooperative spends and receives, and what that says of it: pure."""

"""What instances do with each other: say, read, propose, vote."""

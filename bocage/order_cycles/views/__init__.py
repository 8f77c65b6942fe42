"""The pages on which order cycles are planned, by topic."""

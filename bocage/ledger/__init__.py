"""Double entry: what moved between whom, never edited."""

"""A bank that moves no money, for the demo and for tests: a real server spoken to over HTTP, with signed events."""

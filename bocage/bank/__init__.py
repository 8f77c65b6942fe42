"""Lines of bank statements, and which payment each of them is."""

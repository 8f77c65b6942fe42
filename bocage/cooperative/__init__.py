"""The cooperative wing: how the platform is paid for, shared and decided about by those who use it."""

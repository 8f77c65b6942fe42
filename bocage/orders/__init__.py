"""What was promised to whom: quote, place, amend, cancel."""

"""What a table of goods may say, cell by cell and line by line. Pure: no Django, no clock, no database."""

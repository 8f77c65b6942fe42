"""What an enterprise sells, as a table: edited cell by cell on a page, written to spreadsheets and read from them."""

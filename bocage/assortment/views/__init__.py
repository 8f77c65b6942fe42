"""The pages of the product table, its spreadsheets and what they did."""

"""The first page of an empty platform: whoever started the server founds it, once."""

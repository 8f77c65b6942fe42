"""Measures of pages and checkout, each beside a reference of the same run: `make bench`.

place.py      a database, its data, a server, all in a temporary folder
load.py       the load generator, a process of its own, only towards 127.0.0.1
queries.py    how many queries a page asks, a process of its own
reference.py  a bare checkout-like transaction, a process of its own
report.py     the table that people read
"""

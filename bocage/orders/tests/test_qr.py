"""The QR code as a path: every dark field, and only those."""

import re

import segno

from bocage.orders.qr import MASK, code


def test_the_path_draws_the_code_and_nothing_else():
    drawn = code("http://localhost/order/R7K2/abc/")

    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", drawn.path)
    fields = {(int(x) + step, int(y)) for x, y, width in runs for step in range(int(width))}
    rows = list(
        segno.make("http://localhost/order/R7K2/abc/", error="q", micro=False, boost_error=False, mask=MASK).matrix
    )
    assert fields == {(x, y) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark}
    assert drawn.size == len(rows)

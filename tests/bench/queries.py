"""How many queries each page and the order itself ask, once the shop is warm. Prints JSON by name."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

import django

from tests.bench.walk import offers_on, order
from tests.bench.wire import Answer


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bocage.settings")
    django.setup()
    slug, wire = sys.argv[1], InProcess()
    shop = f"/shop/{slug}/"
    for number in range(2):
        page = wire.get(shop).body.decode()
        wire.get(f"{shop}?q=pomme")
        pages = wire.asked[-2:]
        wire.client.cookies.clear()
        order(wire, slug, offers_on(page)[:5], number=number)  # type: ignore[arg-type]
    walk = wire.asked[-10:]
    counts = {"shop page": pages[0], "search": pages[1], "whole checkout": sum(walk), "order": walk[-2]}
    json.dump(counts, sys.stdout)


class InProcess:
    """Walks like `Wire`, without a server in between; `asked` counts the queries of each request."""

    @property
    def cookies(self) -> dict[str, str]:
        return {name: morsel.value for name, morsel in self.client.cookies.items()}

    def __init__(self) -> None:
        from django.test.client import Client

        self.client = Client(enforce_csrf_checks=True, headers={"accept-language": "fr"})
        self.asked: list[int] = []

    def get(self, path: str) -> Answer:
        return self._counted(lambda: self.client.get(path))

    def post(self, path: str, values: dict[str, str]) -> Answer:
        return self._counted(lambda: self.client.post(path, values))

    def _counted(self, ask: Callable[[], Any]) -> Answer:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            answer = ask()
        self.asked.append(len(captured))
        return Answer(answer.status_code, {name.lower(): value for name, value in answer.items()}, answer.content)


if __name__ == "__main__":
    main()

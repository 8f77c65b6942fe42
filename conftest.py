"""What every test stands on: a given moment, a fast hasher, Hypothesis profiles (pyproject.toml shuts the network)."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

import hypothesis
import pytest
from django.conf import settings as django_settings
from django.db import connection

from bocage.infra import frozen

pytest_plugins = ["tests.browser"]

hypothesis.settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")), max_examples=60)
hypothesis.settings.register_profile("deep", deadline=None, max_examples=2000)
hypothesis.settings.load_profile(os.environ.get("BOCAGE_HYPOTHESIS", "house"))


def pytest_configure() -> None:
    django_settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns of a missing folder
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django_settings.STAFF_NEED_SECOND_FACTOR = False  # network's own tests turn it on
    _flush_frozen_tables()


def _flush_frozen_tables() -> None:
    """Let tests that commit empty the tables afterwards; the guards come back with the signal that follows a flush."""
    operations = type(connection.ops)
    flush = operations.sql_flush

    def sql_flush(self: Any, style: Any, tables: Any, **options: Any) -> list[str]:
        return [*frozen.thaws(connection.vendor), *flush(self, style, tables, **options)]

    operations.sql_flush = sql_flush  # type: ignore[method-assign]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Call what needs a browser a journey (it runs apart), and leave to PostgreSQL what needs row locks."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("journey")
    if connection.vendor != "postgresql":
        elsewhere = [item for item in items if item.get_closest_marker("postgresql")]
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]


@pytest.fixture(autouse=True)
def _no_rates_of_another_test() -> None:
    """Forget the rates of VAT that the process keeps: databases of tests follow each other with the same versions."""
    from bocage.pricing import queries

    queries.forget()


@pytest.fixture
def now() -> datetime:
    """A Tuesday morning in June: the moment that tests give to actions and queries."""
    return datetime(2026, 6, 16, 9, 0, tzinfo=UTC)

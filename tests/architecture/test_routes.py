"""Every route has a line in `who_may.py`, and a guest gets nothing from those that are not for guests."""

import pytest
from django.urls import URLPattern, get_resolver
from django.urls.converters import IntConverter

from bocage.network.models import Instance
from tests.architecture.who_may import EVERYBODY, KEYHOLDER, WHO_MAY


def routes(resolver=None, prefix="", space=""):
    """Return our named routes with an address each, whatever the numbers and words in it."""
    found = {}
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = prefix + _filled(entry.pattern)
        if isinstance(entry, URLPattern):
            module = entry.lookup_str
            if module.startswith("bocage."):
                found[f"{space}{entry.name}"] = "/" + pattern
        else:
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            found |= routes(entry, pattern, inner)
    return found


def _filled(pattern):
    text = str(pattern).lstrip("^").rstrip("$")
    for name, converter in pattern.converters.items():
        value = "999999" if isinstance(converter, IntConverter) else "00000000-0000-4000-8000-000000000000"
        text = text.replace(f"<{_type_of(text, name)}{name}>", value)
    return text


def _type_of(text, name):
    start = text.index(f"{name}>")
    opening = text.rindex("<", 0, start)
    return text[opening + 1 : start]


def test_every_route_says_who_may_ask_for_it():
    assert sorted(set(routes()) - set(WHO_MAY)) == [], "give each a line in tests/architecture/who_may.py"
    assert sorted(set(WHO_MAY) - set(routes())) == [], "these are gone: take them out of who_may.py"


@pytest.mark.django_db
def test_a_guest_gets_nothing_from_routes_that_are_not_for_guests(client, settings):
    settings.DEMO = False
    Instance.objects.create(slug="ici", name="Ici", mail_from="a@exemple.example", contact_email="a@exemple.example")
    closed = {
        name: address for name, address in routes().items() if WHO_MAY.get(name) not in (EVERYBODY, KEYHOLDER, None)
    }

    shown = {name: client.get(address).status_code for name, address in closed.items()}
    done = {name: client.post(address).status_code for name, address in closed.items()}

    assert {name: status for name, status in shown.items() if status not in (302, 303, 403, 404, 405)} == {}
    assert {name: status for name, status in done.items() if status not in (302, 303, 403, 404, 405)} == {}
    assert len(closed) >= 3

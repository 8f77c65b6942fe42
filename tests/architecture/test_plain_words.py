"""The machine's page speaks to stewards: whatever recurs, happens or listens has words in web/machine/words.py."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from bocage.infra import outbox
from bocage.infra.schedule import schedule
from bocage.web.machine import words


def test_whatever_recurs_happens_or_listens_is_said_in_plain_words():
    for home in apps.get_app_configs():
        if home.name.startswith("bocage.") and find_spec(f"{home.name}.subscribers"):
            import_module(f"{home.name}.subscribers")
    heard = {
        kind: {name for name in names if name.startswith("bocage.") and ".tests." not in name}
        for kind, names in outbox._subscribers.items()
        if ".tests." not in kind
    }
    listeners = {words.short(name) for names in heard.values() for name in names}

    assert {one.name for one in schedule()} - set(words.TASKS) == set(), "say what it does in web/machine/words.py"
    assert {words.short(kind) for kind, names in heard.items() if names} - set(words.FACTS) == set(), (
        "say what happened in web/machine/words.py"
    )
    assert listeners - set(words.LISTENERS) == set(), "say who hears of it in web/machine/words.py"
    assert len(listeners) > 20

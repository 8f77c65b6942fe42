import re

from django.apps import apps
from importlinter.cli import lint_imports

from tests.architecture import house

OUTSIDE = {"ui", "messages", "account", "mfa", "allauth", "socialaccount", "usersessions"}


def our_models():
    return [model for model in apps.get_models() if model.__module__.startswith("bocage.")]


def app_of(model):
    return model.__module__.split(".")[1]


def test_the_storeys_and_rooms_are_kept(monkeypatch):
    monkeypatch.chdir(house.ROOT)

    assert lint_imports(no_cache=True) == 0


def test_every_app_stands_on_a_storey_and_says_what_it_is():
    ours = {
        config.name.split(".")[1]: config.module
        for config in apps.get_app_configs()
        if config.name.startswith("bocage.")
    }

    assert {name for name in ours if name not in house.storeys()} == set()
    assert [name for name, module in ours.items() if not module.__doc__] == []


def test_foreign_keys_point_down_and_nothing_climbs_back():
    height = house.storeys()
    wrong = []
    for model in our_models():
        for field in model._meta.get_fields():
            other = field.related_model if field.is_relation and not field.auto_created else None
            if other is None or not other.__module__.startswith("bocage.") or app_of(other) == app_of(model):
                continue
            if height[app_of(other)] <= height[app_of(model)]:
                wrong.append(f"{model.__name__}.{field.name} points up to {other.__name__}")
            if not field.remote_field.related_name or not field.remote_field.related_name.endswith("+"):
                wrong.append(f"{model.__name__}.{field.name} can be climbed from {other.__name__}")

    assert wrong == []


def test_no_model_orders_itself():
    assert [model.__name__ for model in our_models() if model._meta.ordering] == []


def test_templates_take_only_from_ui_or_their_own_app():
    taken = re.compile(r"""{%\s*(?:extends|include)\s+["']([^"'/#]+)/""")
    wrong = [
        f"{path.relative_to(house.ROOT)} takes from {source}"
        for path in house.templates()
        for source in taken.findall(path.read_text())
        if source not in {"ui", house.app_of(path)}
        and not (source == "messages" and house.is_mail(path))
        and not (house.app_of(path) == "ui" and source in OUTSIDE)
    ]

    assert wrong == []


def test_no_page_holds_a_style_or_a_script_of_its_own():
    inline = re.compile(
        r"<style\b|\sstyle\s*=|<script(?![^>]*\b(?:src|type=\"(?:importmap|application/json)\"))|\son[a-z]+\s*=\s*[\"']",
        re.I,
    )
    wrong = [
        f"{path.relative_to(house.ROOT)}: {hit.group().strip()}"
        for path in house.templates()
        if not house.is_mail(path)
        for hit in inline.finditer(path.read_text())
    ]

    assert wrong == []


def test_no_translation_is_fuzzy_or_empty():
    from babel.messages.pofile import read_po

    wrong = []
    for path in sorted((house.ROOT / "bocage").glob("**/locale/fr/LC_MESSAGES/*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                said = message.string if isinstance(message.string, tuple) else (message.string,)
                if message.id and (message.fuzzy or not all(said)):
                    wrong.append(f"{path.relative_to(house.ROOT)}: {message.id!r}")

    assert wrong == []

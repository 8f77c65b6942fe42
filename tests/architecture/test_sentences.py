from collections import defaultdict
from pathlib import Path

from babel.messages.pofile import read_po

FRENCH = sorted(Path(__file__).parents[2].glob("bocage/**/locale/fr/LC_MESSAGES/django.po"))


def test_a_sentence_has_one_translation_in_the_whole_house():
    """All apps' catalogues are read as one: where two differ, one app shows the other's words. A context parts them."""
    said = defaultdict(set)
    for catalogue in FRENCH:
        with catalogue.open("rb") as file:
            for message in read_po(file):
                if message.id:
                    said[message.context, str(message.id)].add(str(message.string))

    assert FRENCH
    assert {sentence: words for sentence, words in said.items() if len(words) > 1} == {}

"""What commons says is in our catalogue, word for word."""

from bocage.commons.refusals import Forbidden, NotFound, Refused
from bocage.network.words import COMMON_SENTENCES


def test_the_sentences_of_commons_are_all_there():
    assert (Refused.message, Forbidden.message, NotFound.message) == COMMON_SENTENCES

"""Refusals: a code for machines, a sentence for people."""

from bocage.commons.refusals import Forbidden, NotFound, Refused


class OutOfHoney(Refused):
    """No honey left."""

    code = "test.honey"
    message = "Only %(left)s jars left."


def test_a_refusal_reads_as_a_sentence_with_its_values():
    refusal = OutOfHoney(left=2)

    assert (str(refusal), refusal.code, refusal.status, refusal.values) == (
        "Only 2 jars left.",
        "test.honey",
        422,
        {"left": 2},
    )


def test_a_refusal_without_values_is_its_bare_sentence():
    assert str(NotFound()) == "There is nothing here under this address."


def test_forbidden_and_not_found_answer_with_their_own_status():
    assert (Forbidden.status, NotFound.status) == (403, 404)

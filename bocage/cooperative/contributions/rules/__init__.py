"""What contributions are counted by: turnover, tariffs, months, kindness. Pure, exact, rounded once where it says so."""

from __future__ import annotations

from bocage.commons.refusals import Refused, gettext_noop


class NoPlanYet(Refused):
    """A plan binds from the 1st of a month on, once somebody accepted its text."""

    code = "contributions.no_plan"
    message = gettext_noop("This way of contributing is not open. Choose another one.")


class TextChanged(Refused):
    """Who accepts has read the very text that holds."""

    code = "contributions.text_changed"
    message = gettext_noop("The text has changed since you opened this page. Read it again, please.")


class TooLateToContest(Refused):
    """A line is contested while its statement is proposed: seven days."""

    code = "contributions.too_late"
    message = gettext_noop(
        "This statement is not open for questions any more. Write to us: we put it right next month."
    )


class NotOnStatement(Refused):
    code = "contributions.not_there"
    message = gettext_noop("This line is not on the statement.")


class WordsMissing(Refused):
    code = "contributions.words_missing"
    message = gettext_noop("Say it in a few words, please: people read them.")


class AnsweredAlready(Refused):
    code = "contributions.answered"
    message = gettext_noop("This was answered already.")


class AbsurdAmount(Refused):
    code = "contributions.absurd_amount"
    message = gettext_noop("An amount is from nothing to 100,000.")


class NotThatMuch(Refused):
    """Nothing came, more than is due, or more went back than came."""

    code = "contributions.not_that_much"
    message = gettext_noop("Write what came, at most %(left)s; or with a minus what went back of it.")


class NothingDue(Refused):
    code = "contributions.nothing_due"
    message = gettext_noop("Nothing is due there.")


class CommitteeTooSmall(Refused):
    """A committee is three people at least."""

    code = "contributions.committee"
    message = gettext_noop("Name at least three people of the committee who decided.")


class NotKindEnough(Refused):
    """A shop is restricted only after all that kindness can do."""

    code = "contributions.not_kind_enough"
    message = gettext_noop("Not yet: %(missing)s.")


class Restricted(Refused):
    """The only restriction there is: no new order cycle."""

    code = "contributions.restricted"
    message = gettext_noop("No new order cycle can be opened for now: see the page “Contribution”. All else goes on.")


class AbsurdTerms(Refused):
    code = "contributions.absurd_terms"
    message = gettext_noop("Instalments are from two to six.")

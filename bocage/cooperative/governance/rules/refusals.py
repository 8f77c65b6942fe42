"""Refusals of membership and votes."""

from bocage.commons.refusals import Forbidden, Refused, gettext_noop


class MembersOnly(Forbidden):
    """Only active members do this."""

    code = "governance.members_only"
    message = gettext_noop("Only members of the cooperative do this. You can become one.")


class OfficeOnly(Forbidden):
    """Only those elected for it do this."""

    code = "governance.office_only"
    message = gettext_noop("Only the members elected for it do this.")


class AlreadyMember(Refused):
    """This person or enterprise is a member, or asked to be."""

    code = "governance.already_member"
    message = gettext_noop("This membership exists already, or was asked for.")


class NotOnRoll(Forbidden):
    """The roll was frozen at opening without this member."""

    code = "governance.not_on_roll"
    message = gettext_noop(
        "You are not on the roll of this vote: it holds who was an active member for 30 days when it opened."
    )


class VoteClosed(Refused):
    """The ballot box is closed, or not open yet."""

    code = "governance.vote_closed"
    message = gettext_noop("This vote is closed: no ballot is taken any more.")


class VotedAlready(Refused):
    """One member, one ballot."""

    code = "governance.voted_already"
    message = gettext_noop("Your ballot is in the box already. A ballot is cast once and can't be changed.")


class OnlyYourself(Forbidden):
    """Nobody votes for another, whoever runs the machines."""

    code = "governance.only_yourself"
    message = gettext_noop("Only you can cast your ballot. Who helps you may not do it for you.")


class OtherCollege(Refused):
    """A vote is given inside one's college."""

    code = "governance.other_college"
    message = gettext_noop("You can give your vote to a member of your own college only.")


class TooManyHeld(Refused):
    """A person holds as many votes of others as one may."""

    code = "governance.too_many_held"
    message = gettext_noop("%(name)s already holds %(most)s votes of others, as many as one may.")


class NeverDelegated(Refused):
    """Votes on persons are one's own."""

    code = "governance.never_delegated"
    message = gettext_noop("A vote on persons is never given to another.")


class TooSmallCommittee(Refused):
    """A committee has three members at least."""

    code = "governance.too_small_committee"
    message = gettext_noop("A committee has at least %(least)s members.")


class NoDecision(Refused):
    """A committee that stands is renewed by a vote on persons only."""

    code = "governance.no_decision"
    message = gettext_noop("Only a decision of the members fills this committee anew.")


class NotSoMany(Refused):
    """More shares go than there are."""

    code = "governance.not_so_many_shares"
    message = gettext_noop("There are only %(left)s shares for this.")


class CalledTooLate(Refused):
    """An assembly is called fifteen days before."""

    code = "governance.called_too_late"
    message = gettext_noop("An assembly is called at least 15 days before: choose a later day.")


class TooManyProxies(Refused):
    """A member stands for two others at most."""

    code = "governance.too_many_proxies"
    message = gettext_noop("%(name)s already stands for %(most)s members, as many as one may.")


class AnsweredAlready(Refused):
    """Somebody else of those elected for it was faster."""

    code = "governance.answered_already"
    message = gettext_noop("This was answered already.")


class TooManyOptions(Refused):
    """More answers than a ballot can hold."""

    code = "governance.too_many_options"
    message = gettext_noop("Give at most %(most)s answers to choose from.")


class FewOptions(Refused):
    """A choice needs something to choose from."""

    code = "governance.few_options"
    message = gettext_noop("Give at least two answers to choose from, one per line.")

"""The words of the members' house: kinds, rules, states, what ballots say, how a count ended."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KINDS = {
    "tariff": _("Tariff"),
    "terms": _("Terms of use"),
    "budget": _("Budget"),
    "key": _("Sharing of the common software"),
    "roadmap": _("Roadmap"),
    "person": _("Election"),
    "articles": _("Articles of the cooperative"),
    "other": pgettext_lazy("kind of proposal", "Other"),
}
METHODS = {
    "majority": _("For or against"),
    "consent": _("Consent: adopted unless somebody objects with a reason"),
    "schulze": _("Ranking of several answers"),
    "judgment": _("A grade for each answer"),
    "approval": _("As many answers as suit you"),
    "points": _("100 points to share out"),
}
RULES = {
    "majority": _(
        "More than half of for and against must be for. Abstentions and blank ballots count for the quorum only."
    ),
    "consent": _("Adopted if no objection with a reason stands at closing."),
    "schulze": _("Schulze’s method: the winner is beaten by no other along the strongest chain of comparisons."),
    "judgment": _("Majority judgment: the middle grade counts; ties are settled by the grades around it."),
    "approval": _("The answer that suits most wins."),
    "points": _("The points of each college are averaged, then weighed. At most 40 of your 100 points on one item."),
}
STATES = {
    "draft": pgettext_lazy("proposal", "Looks for support"),
    "discussion": pgettext_lazy("proposal", "In discussion"),
    "frozen": pgettext_lazy("proposal", "Text frozen"),
    "vote": pgettext_lazy("proposal", "Vote open"),
    "decided": pgettext_lazy("proposal", "Decided"),
    "applied": pgettext_lazy("proposal", "Applied"),
    "reviewed": pgettext_lazy("proposal", "Looked at again"),
    "withdrawn": pgettext_lazy("proposal", "Withdrawn"),
}
REASONS = {
    "adopted": pgettext_lazy("vote", "Adopted"),
    "rejected": pgettext_lazy("vote", "Rejected"),
    "no_quorum": pgettext_lazy("vote", "Too few voted"),
    "too_few_colleges": pgettext_lazy("vote", "Too few colleges spoke"),
    "objected": pgettext_lazy("vote", "Stopped by an objection"),
    "braked": pgettext_lazy("vote", "Sent back once: a college put the brake on"),
}
CHOICES = {
    "for": pgettext_lazy("ballot", "For"),
    "against": pgettext_lazy("ballot", "Against"),
    "abstain": pgettext_lazy("ballot", "I abstain"),
    "blank": pgettext_lazy("ballot", "Blank"),
    "consent": pgettext_lazy("ballot", "I consent"),
    "reservation": pgettext_lazy("ballot", "I consent, with a reservation"),
    "objection": pgettext_lazy("ballot", "I object, and say why"),
}
GRADES = [
    pgettext_lazy("grade", "Excellent"),
    pgettext_lazy("grade", "Very good"),
    pgettext_lazy("grade", "Good"),
    pgettext_lazy("grade", "Fair"),
    pgettext_lazy("grade", "Poor"),
    pgettext_lazy("grade", "Reject"),
]
MEMBER_STATES = {
    "candidate": pgettext_lazy("member", "asked to join"),
    "admitted": pgettext_lazy("member", "admitted, share to be paid"),
    "active": pgettext_lazy("member", "active"),
    "leaving": pgettext_lazy("member", "leaving, shares to be refunded"),
    "left": pgettext_lazy("member", "left"),
    "declined": pgettext_lazy("member", "declined"),
}
MOVEMENTS = {
    "subscription": pgettext_lazy("shares", "Subscribed"),
    "payment": pgettext_lazy("shares", "Paid"),
    "refund": pgettext_lazy("shares", "Refunded"),
    "cancellation": pgettext_lazy("shares", "Cancelled"),
}
FAULTS = {
    "format": _("This is not the file of a vote."),
    "code": _("It was counted by other rules than this server’s."),
    "head": _("The board is not chained as it says."),
    "board": _("Ballots and receipts on the board are not the same."),
    "twice": _("A ballot or a voter is there twice."),
    "receipt": _("A ballot does not match its receipt: it was changed."),
    "delegate": _("A given vote does not say what its delegate said."),
    "roll": _("More ballots than voters in a college."),
    "ballot": _("A ballot says what was not asked."),
    "result": _("The ballots give another result than the file says."),
}

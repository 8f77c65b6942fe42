"""What members type: proposals, ballots, memberships, minutes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bocage.cooperative.governance import words
from bocage.cooperative.governance.rules import schulze
from bocage.ui.fields import MomentField, MoneyField, give_choices

AREA = forms.Textarea(attrs={"rows": 8})
SHORT = forms.Textarea(attrs={"rows": 3})


class ProposalForm(forms.Form):
    """A proposal: what it is about, its text, how one will vote."""

    title = forms.CharField(label=_("What do you propose, in one line?"), max_length=160)
    kind = forms.ChoiceField(label=_("What is it about?"), choices=list(words.KINDS.items()), initial="other")
    body = forms.CharField(
        label=_("The text that will be voted"), widget=AREA, max_length=20_000,
        help_text=_("Plain words. Say what changes, for whom, from when, and what it costs."),
    )  # fmt: skip
    method = forms.ChoiceField(
        label=_("How will members vote?"), choices=list(words.METHODS.items()), initial="majority"
    )
    options = forms.CharField(
        label=_("Answers to choose from"), widget=SHORT, required=False, max_length=4000,
        help_text=_("One per line, where members choose among several. A cost goes after a semicolon: New map ; 1200."),
    )  # fmt: skip
    budget = MoneyField(
        label=_("Sum to share among projects"), required=False, help_text=_("In euros, for votes with points.")
    )

    def clean_options(self) -> list[tuple[str, int | None]]:
        """Give labels with their cost in minor units."""
        lines = [line.partition(";") for line in self.cleaned_data["options"].splitlines()]
        money = MoneyField(required=False)
        return [
            (label.strip()[:160], _not_negative(money.clean(cost.strip())))
            for label, _semicolon, cost in lines
            if label.strip()
        ]

    def clean_budget(self) -> int:
        return _not_negative(self.cleaned_data["budget"]) or 0


def _not_negative(minor: int | None) -> int | None:
    if minor is not None and minor < 0:
        raise forms.ValidationError(_("An amount is nothing or more."), code="negative")
    return minor


class WordsForm(forms.Form):
    """Some words: a remark, an outcome, an answer."""

    body = forms.CharField(label=_("Your words"), widget=SHORT, max_length=4000)


class TextForm(forms.Form):
    """Another version of a proposal's text."""

    body = forms.CharField(
        label=_("The text that will be voted"), widget=AREA, max_length=20_000,
        help_text=_("A changed text leaves at least 72 hours more to discuss it."),
    )  # fmt: skip


class OpeningForm(forms.Form):
    """Until when one votes, and how ballots are counted."""

    COUNTING = (
        ("", _("as the articles say")),
        ("proportional", _("by colleges, in proportion")),
        ("majority", _("by colleges, each with one voice")),
        ("heads", _("by heads")),
    )

    closes_at = MomentField(label=_("The vote closes"), help_text=_("Seven days after opening at least."))
    counting = forms.ChoiceField(label=_("Counted"), choices=COUNTING, required=False)


class BallotForm(forms.Form):
    """A ballot, as the rule of the vote asks: one choice, places, grades, ticks or points. Plain fields, no script."""

    nonce = forms.CharField(widget=forms.HiddenInput, max_length=64)
    member_id = forms.TypedChoiceField(label=_("You vote for"), coerce=int)

    def __init__(
        self,
        *data: Any,
        method: str,
        options: Sequence[tuple[str, str]],
        members: Sequence[tuple[int, str]],
        **more: Any,
    ) -> None:
        super().__init__(*data, **more)
        self.method, self.answers = method, options
        give_choices(self, "member_id", members)
        if len(members) == 1:
            self.fields["member_id"].widget = forms.HiddenInput()
            self.fields["member_id"].initial = members[0][0]
        _FIELDS[method](self, options)
        if method not in ("majority", "consent"):
            self.fields["blank"] = forms.BooleanField(
                label=_("I vote blank"), required=False,
                help_text=_("You took part, and choose none. The rest of the form is then left aside."),
            )  # fmt: skip

    def choice(self) -> Any:
        """Return what was chosen as the ballot box keeps it."""
        said = self.cleaned_data
        if said.get("blank"):
            return "blank"
        if self.method == "majority":
            return said["said"]
        if self.method == "consent":
            return {"said": said["said"], "reason": said["reason"].strip()}
        given = {code: said.get(f"option-{code}") for code, _label in self.answers}
        if self.method == "approval":
            return [code for code, ticked in given.items() if ticked]
        found = {code: int(value) for code, value in given.items() if value not in (None, "")}
        if self.method == "schulze":
            return schulze.tidy(found)
        return found


def _one_word(form: BallotForm, _options: Sequence[tuple[str, str]]) -> None:
    names = (
        ("for", "against", "abstain", "blank")
        if form.method == "majority"
        else ("consent", "reservation", "objection", "abstain")
    )
    form.fields["said"] = forms.ChoiceField(
        label=_("Your vote"), choices=[(name, words.CHOICES[name]) for name in names], widget=forms.RadioSelect
    )
    if form.method == "consent":
        form.fields["reason"] = forms.CharField(
            label=_("Your reason or reservation"), widget=SHORT, required=False, max_length=2000,
            help_text=_("Needed for an objection; everybody reads it."),
        )  # fmt: skip


def _places(form: BallotForm, options: Sequence[tuple[str, str]]) -> None:
    places = [
        ("", _("not ranked")),
        *[(number, pgettext_lazy("place", "%s") % number) for number in range(1, len(options) + 1)],
    ]
    for code, label in options:
        form.fields[f"option-{code}"] = forms.ChoiceField(label=label, choices=places, required=False)


def _grades(form: BallotForm, options: Sequence[tuple[str, str]]) -> None:
    grades = [("", _("no grade: reject")), *enumerate(words.GRADES)]
    for code, label in options:
        form.fields[f"option-{code}"] = forms.ChoiceField(label=label, choices=grades, required=False)


def _ticks(form: BallotForm, options: Sequence[tuple[str, str]]) -> None:
    for code, label in options:
        form.fields[f"option-{code}"] = forms.BooleanField(label=label, required=False)


def _numbers(form: BallotForm, options: Sequence[tuple[str, str]]) -> None:
    for code, label in options:
        form.fields[f"option-{code}"] = forms.IntegerField(
            label=label, min_value=0, required=False, widget=forms.NumberInput(attrs={"max": 40})
        )


_FIELDS = {
    "majority": _one_word, "consent": _one_word, "schulze": _places, "judgment": _grades, "approval": _ticks,
    "points": _numbers,
}  # fmt: skip


class JoinForm(forms.Form):
    """Asking to become a member."""

    name = forms.CharField(label=_("Your name, as in the register"), max_length=160)
    enterprise_id = forms.TypedChoiceField(label=_("Who joins?"), coerce=int, required=False, empty_value=None)
    college_id = forms.TypedChoiceField(label=_("With whom do you vote?"), coerce=int)
    category_id = forms.TypedChoiceField(label=_("What are you to the cooperative?"), coerce=int)
    shares = forms.IntegerField(label=_("How many shares?"), min_value=1, max_value=1000, initial=1)
    words = forms.CharField(label=_("A word about you"), widget=SHORT, required=False, max_length=2000)

    def __init__(self, *data: Any, choices: dict[str, list[tuple[Any, Any]]], **more: Any) -> None:
        super().__init__(*data, **more)
        for name, rows in choices.items():
            give_choices(self, name, rows)


class DelegationForm(forms.Form):
    """Giving one's vote on a topic."""

    TOPICS = [(key, word) for key, word in words.KINDS.items() if key != "person"]

    topic = forms.ChoiceField(label=_("On which topic?"), choices=TOPICS)
    holder_id = forms.TypedChoiceField(label=_("To whom, of your college?"), coerce=int)

    def __init__(self, *data: Any, members: Sequence[tuple[int, str]], **more: Any) -> None:
        super().__init__(*data, **more)
        give_choices(self, "holder_id", members)


class SharesForm(forms.Form):
    """A line of the register of shares."""

    kind = forms.ChoiceField(label=_("What happened?"), choices=list(words.MOVEMENTS.items()), initial="payment")
    shares = forms.IntegerField(label=_("How many shares?"), min_value=1, max_value=1000, initial=1)


class AssemblyForm(forms.Form):
    """Calling an assembly."""

    title = forms.CharField(label=_("Title"), max_length=160)
    starts_at = MomentField(label=_("When?"), help_text=_("Fifteen days from now at least."))
    place = forms.CharField(label=_("Where, and how to join from afar?"), max_length=200)
    agenda = forms.CharField(label=_("Agenda"), widget=AREA, max_length=4000, help_text=_("One point per line."))
    is_extraordinary = forms.BooleanField(label=_("Extraordinary assembly"), required=False)


class PresenceForm(forms.Form):
    """Who is there, or represented."""

    member_id = forms.TypedChoiceField(label=_("Member"), coerce=int)
    proxy_id = forms.TypedChoiceField(
        label=_("Represented by"), coerce=int, required=False, empty_value=None, help_text=_("Empty: there in person.")
    )

    def __init__(self, *data: Any, members: Sequence[tuple[int, str]], **more: Any) -> None:
        super().__init__(*data, **more)
        give_choices(self, "member_id", members)
        give_choices(self, "proxy_id", [("", "–"), *members])


class MinutesForm(forms.Form):
    """The minutes of an assembly."""

    body = forms.CharField(label=_("Minutes"), widget=AREA, max_length=40_000)
    chair = forms.CharField(label=_("Signed by the chair"), max_length=120)
    secretary = forms.CharField(label=_("and by the secretary"), max_length=120)


class FileForm(forms.Form):
    """A published file to be counted again."""

    file = forms.FileField(label=_("The JSON file of a vote"))

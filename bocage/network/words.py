"""The sentences of `commons`, which is no app and so has no catalogue of its own, for the translators of this one."""

from bocage.commons.refusals import gettext_noop

COMMON_SENTENCES = (
    gettext_noop("This can't be done."),
    gettext_noop("You are not allowed to do this. Ask someone who manages this enterprise."),
    gettext_noop("There is nothing here under this address."),
)

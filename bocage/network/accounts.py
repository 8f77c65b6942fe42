"""How django-allauth meets our people."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Accounts by e-mail; see `bocage.network.forms.SignupForm` for what is asked."""

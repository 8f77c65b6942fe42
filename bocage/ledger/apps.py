from django.apps import AppConfig

from bocage.infra import frozen


class LedgerConfig(AppConfig):
    name = "bocage.ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the database guard the books."""
        from bocage.ledger.guards import GUARDS

        frozen.keep(self, "Account", "Entry", "Posting", "Closing", "AccountPlan", guards=GUARDS)

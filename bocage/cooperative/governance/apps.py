from django.apps import AppConfig

from bocage.infra import frozen


class GovernanceConfig(AppConfig):
    name = "bocage.cooperative.governance"
    label = "governance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the database guard texts, ballots, counts, shares and minutes: written once."""
        from bocage.cooperative.governance.guards import GUARDS

        names = ("TextVersion", "BoardEntry", "Ballot", "Count", "Lift", "ShareMovement", "Minutes", "Answer")
        frozen.keep(self, *names, guards=GUARDS)

from django.apps import AppConfig

from bocage.infra import frozen


class ContributionsConfig(AppConfig):
    name = "bocage.cooperative.contributions"
    label = "contributions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bocage.cooperative.contributions.queries.restrictions import check_may_open
        from bocage.order_cycles.actions import asking

        frozen.keep(self, "PlanVersion", "Beginning", "Pledge", "StatementLine", "Seal", "Payment", "Notice")
        asking.ask_first(check_may_open)

"""An order as its customer sees it, by its signed link or in their account."""

urlpatterns: list = []

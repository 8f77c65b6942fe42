"""`bocage begin`: where and by which code an empty platform is founded."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from bocage.network.queries import is_founded
from bocage.web.beginning import keys


class Command(BaseCommand):
    help = "Say where the platform is founded and by which one-time code; nothing once it is. `up` says it too."

    def handle(self, *args: Any, **options: Any) -> None:
        if is_founded():
            return
        code = keys.code()
        self.stdout.write("This platform is not founded yet. Found it at")
        self.stdout.write(f"  {settings.SITE_URL}{reverse('web:begin')}?code={code}")
        self.stdout.write(f"or with the code {code}")
        self.stdout.flush()

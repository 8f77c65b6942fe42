import os
import subprocess
import sys

import pytest
from django.test import Client
from django.urls import reverse

from bocage.network.models import Instance
from tests.architecture.house import ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def instance():
    return Instance.objects.create(
        slug="ici", name="Ici", mail_from="a@exemple.example", contact_email="a@exemple.example"
    )


def directives(answer):
    return dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";"))


def test_a_page_runs_only_our_own_scripts_and_sits_in_no_foreign_frame(client):
    answer = client.get(reverse("account_login"))

    policy = directives(answer)
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert (policy["default-src"], policy["style-src"], policy["base-uri"]) == ("'none'", "'self'", "'none'")
    assert policy["script-src"].split()[0] == "'self'"
    assert (policy["frame-ancestors"], policy["form-action"]) == ("'none'", "'self'")
    assert (answer["X-Frame-Options"], answer["X-Content-Type-Options"], answer["Referrer-Policy"]) == (
        "DENY",
        "nosniff",
        "same-origin",
    )


def test_each_page_has_a_nonce_of_its_own(client, settings):
    settings.DEMO = True

    first, second = (directives(client.get(reverse("messages:outbox")))["script-src"] for _ in range(2))

    assert "'nonce-" in first
    assert first != second


def test_a_form_from_elsewhere_is_refused_in_words():
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "a@b.example", "password": "x"})

    assert answer.status_code == 403
    assert directives(answer)["default-src"] == "'none'"
    assert "<html" in answer.content.decode()


def test_over_https_cookies_are_secure_and_django_finds_nothing_to_warn_of(tmp_path):
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("BOCAGE_", "PYTEST", "DATABASE_URL"))
    }
    environment = kept | {"BOCAGE_SITE_URL": "https://exemple.example", "BOCAGE_VAR": str(tmp_path)}
    question = (
        "from django.conf import settings as s; "
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.SECURE_HSTS_SECONDS)"
    )

    def ask(*words):
        command = [sys.executable, str(ROOT / "manage.py"), *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True)

    assert ask("shell", "--no-imports", "-c", question).stdout.strip() == "True True True 31536000"
    checked = ask("check", "--deploy", "--tag", "security", "--fail-level", "ERROR")
    assert checked.returncode == 0, checked.stderr

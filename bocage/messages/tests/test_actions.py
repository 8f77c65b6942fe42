import socket
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from django.core import mail as outgoing

from bocage.messages import actions, rules
from bocage.messages.models import Message
from bocage.messages.tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def templates(settings, tmp_path):
    """A mail's three templates, in a folder that the engine reads."""
    (tmp_path / "placed.subject.txt").write_text("{% load i18n %}{% translate 'Mail' context 'mail' %} {{ ref }}\n")
    (tmp_path / "placed.txt").write_text("{{ shop }} : {{ ref }}\n")
    (tmp_path / "placed.html").write_text(
        "{% extends 'messages/layout.html' %}{% block main %}<p>{{ shop }}</p>{% endblock %}"
    )
    engine = {**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}
    settings.TEMPLATES = [engine]


def send(**wanted):
    given = {
        "to_email": "lea@exemple.example",
        "language": "fr",
        "template": "placed",
        "about": "event:1",
        "context": {"ref": "R7K2", "shop": "Pain & Cie <Halle>"},
        "now": make.NOW,
    }
    return actions.send(**{**given, **wanted})


def test_plain_text_stays_plain_and_html_is_escaped(templates):
    message = Message.objects.get(id=send())

    assert message.text == "Pain & Cie <Halle> : R7K2\n"
    assert "<p>Pain &amp; Cie &lt;Halle&gt;</p>" in message.html


def test_a_mail_speaks_its_readers_language(templates):
    french = Message.objects.get(id=send())
    english = Message.objects.get(id=send(language="en", to_email="john@exemple.example"))

    assert (french.subject, english.subject) == ("Courrier R7K2", "Mail R7K2")
    assert ('lang="fr"' in french.html, 'lang="en"' in english.html) == (True, True)


def test_the_same_cause_writes_one_mail_per_reader_and_template(templates):
    first, again = send(), send(context={"ref": "OTHER", "shop": "Other"})
    other_reader, other_cause = send(to_email="tom@exemple.example"), send(about="event:2")

    assert first == again
    assert len({first, other_reader, other_cause}) == 3
    assert Message.objects.count() == 3


def test_a_mail_goes_out_whole_and_once(mailoutbox):
    hub = SimpleNamespace(name='Le "Panier"\nBcc: x@y.z', mail_from="panier@exemple.example")
    message = make.message(instance=hub)
    Message.objects.filter(id=message.id).update(
        reply_to="halle@exemple.example",
        attachments=[{"name": "retrait.ics", "type": "text/calendar", "base64": "QkVHSU4="}],
    )

    tried = [actions.send_due(now=make.NOW), actions.send_due(now=make.NOW)]

    [mail] = mailoutbox
    assert tried == [1, 0]
    assert (mail.subject, mail.body, mail.to) == (message.subject, message.text, ['"Léa Morin" <lea@exemple.example>'])
    assert (mail.from_email, mail.reply_to) == (
        '"Le Panier Bcc: x@y.z" <panier@exemple.example>',
        ["halle@exemple.example"],
    )
    assert [tuple(a) for a in mail.attachments] == [("retrait.ics", "BEGIN", "text/calendar")]
    assert mail.alternatives[0].mimetype == "text/html"
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.attempts) == ("sent", make.NOW, 1)


def test_a_mail_claimed_by_another_worker_is_left_to_it(mailoutbox):
    message = make.message()
    stale = message.due_at
    mine = actions._claim(message.id, stale, make.NOW)
    theirs = actions._claim(message.id, stale, make.NOW)

    assert (mine, theirs, actions.send_due(now=make.NOW), mailoutbox) == (True, False, 0, [])
    assert actions.send_due(now=make.NOW + rules.LEASE) == 1  # the other one died: its lease is over


@contextmanager
def smtp(settings, handler):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


class Box:
    """A mail server that keeps what it gets, or answers with `refusal`."""

    def __init__(self, refusal=""):
        self.mails, self.refusal = [], refusal

    async def handle_RCPT(self, server, session, envelope, address, options):
        if not self.refusal:
            envelope.rcpt_tos.append(address)
        return self.refusal or "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


def test_a_real_mail_server_receives_text_and_html(settings):
    box = Box()
    message = make.message()

    with smtp(settings, box):
        actions.send_due(now=make.NOW)

    [mail] = box.mails
    assert mail["Subject"] == "Votre panier est prêt"
    assert mail["Message-ID"] == f"<message-{message.id}@localhost>"
    assert mail.get_body(("plain",)).get_content().strip() == "Venez avant 19 h."
    assert "<h1>Votre panier est prêt</h1>" in mail.get_body(("html",)).get_content()


@pytest.mark.parametrize(
    ("refusal", "state", "wait"),
    [("450 later", "waiting", timedelta(minutes=1)), ("550 nobody", "failed", timedelta(minutes=1))],
)
def test_a_refusal_for_now_is_tried_again_and_one_for_good_is_not(settings, refusal, state, wait):
    message = make.message()

    with smtp(settings, Box(refusal)):
        actions.send_due(now=make.NOW)

    message.refresh_from_db()
    assert (message.state, message.due_at, message.attempts) == (state, make.NOW + wait, 1)
    assert refusal.split()[1] in message.last_error


def test_a_server_that_is_away_is_tried_until_the_mail_is_given_up(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    message = make.message()

    for day in range(rules.MAX_ATTEMPTS + 2):
        actions.send_due(now=make.NOW + timedelta(days=day))

    message.refresh_from_db()
    assert (message.state, message.attempts) == ("failed", rules.MAX_ATTEMPTS)
    assert "ConnectionRefused" in message.last_error


def test_the_key_in_an_accounts_mail_is_forgotten_once_sent_except_in_the_demo(settings, mailoutbox):
    settings.DEMO = False
    real = make.message(template="account/email/password_reset_key", about="account:1")
    actions.send_due(now=make.NOW)
    settings.DEMO = True
    demo = make.message(template="account/email/password_reset_key", about="account:2")
    actions.send_due(now=make.NOW)

    real.refresh_from_db()
    demo.refresh_from_db()
    assert (real.text, real.html, demo.text) == ("", "", "Venez avant 19 h.\n")
    assert [mail.body for mail in outgoing.outbox] == ["Venez avant 19 h.\n"] * 2

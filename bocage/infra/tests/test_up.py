import socket

import pytest
from django.core.management import CommandError, call_command


def test_the_demo_does_not_start_where_something_already_answers(settings):
    settings.DEMO = True
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(CommandError, match=f"port {port}.*make demo PORT={port + 1}"):
            call_command("up", port=port)

"""A plain HTTP/1.1 client that keeps its connection: cheap, so that what is measured is the server."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from urllib.parse import urlencode

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `body` as it was sent, perhaps compressed."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Wire:
    """One connection to a port of this machine, with its own cookies, like one browser."""

    port: int
    compressed: bool = True
    cookies: dict[str, str] = field(default_factory=dict)
    _socket: socket.socket | None = None
    _rest: bytes = b""

    def get(self, path: str) -> Answer:
        return self._ask(f"GET {path} HTTP/1.1\r\n", b"")

    def post(self, path: str, values: dict[str, str]) -> Answer:
        """Send a form as a browser does: with its cookies, its origin and the address it stands on."""
        body = urlencode(values).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
            f"Origin: http://{HOST}:{self.port}\r\nReferer: http://{HOST}:{self.port}{path}\r\n"
        )
        return self._ask(head, body)

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket, self._rest = None, b""

    def _ask(self, head: str, body: bytes) -> Answer:
        extra = f"Host: {HOST}:{self.port}\r\nAccept: text/html\r\nAccept-Language: fr\r\n"
        if self.compressed:
            extra += "Accept-Encoding: br, gzip\r\n"
        if self.cookies:
            extra += "Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()) + "\r\n"
        message = (head + extra + "\r\n").encode() + body
        for attempt in (1, 2):
            try:
                self._open().sendall(message)
                return self._read()
            except ConnectionError:  # the server closed a connection that had been idle
                self.close()
                if attempt == 2:
                    raise
        raise AssertionError("not reached")

    def _open(self) -> socket.socket:
        if self._socket is None:
            self._socket = socket.create_connection((HOST, self.port), timeout=60)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._socket

    def _read(self) -> Answer:
        head = self._until(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in lines:
            name, _, value = line.partition(": ")
            if name.lower() == "set-cookie":
                cookie, _, kept = value.partition(";")[0].partition("=")
                self.cookies[cookie] = kept
            headers[name.lower()] = value
        if headers.get("transfer-encoding") == "chunked":
            body = self._chunks()
        else:
            body = self._exactly(int(headers.get("content-length", "0")))
        return Answer(int(first.split(" ")[1]), headers, body)

    def _chunks(self) -> bytes:
        parts = []
        while size := int(self._until(b"\r\n"), 16):
            parts.append(self._exactly(size))
            self._exactly(2)
        self._exactly(2)
        return b"".join(parts)

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._rest:
            self._more()
        found, _, self._rest = self._rest.partition(mark)
        return found

    def _exactly(self, size: int) -> bytes:
        while len(self._rest) < size:
            self._more()
        found, self._rest = self._rest[:size], self._rest[size:]
        return found

    def _more(self) -> None:
        got = self._open().recv(262_144)
        if not got:
            raise ConnectionResetError("closed")
        self._rest += got

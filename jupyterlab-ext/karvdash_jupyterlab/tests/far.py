"""A platform with terminals and streams, in the loop of the test."""

from __future__ import annotations

import asyncio
import json
import ssl
from dataclasses import dataclass, field

from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler
from tornado.websocket import WebSocketHandler

TICKET = "the.platforms-own"


@dataclass
class Far:
    """What it was asked, and what is open at it."""

    url: str = ""
    protocols: list[list[str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    asked: list[bytes] = field(default_factory=list)
    typed: list[str | bytes] = field(default_factory=list)
    open: list[Shell] = field(default_factory=list)
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    stream_ended: asyncio.Event = field(default_factory=asyncio.Event)
    # Where it refuses, its answer.
    refusal: tuple[int, dict[str, object]] | None = None


class Shell(WebSocketHandler):
    """Prints what is typed; `bye N` closes with that code."""

    def initialize(self, far: Far) -> None:
        self.far = far

    def check_origin(self, origin: str) -> bool:
        return True

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        self.far.protocols.append(subprotocols)
        self.far.headers.append(dict(self.request.headers.get_all()))
        return subprotocols[0]

    def open(self, *args: str, **kwargs: str) -> None:
        self.far.open.append(self)

    async def on_message(self, message: str | bytes) -> None:  # type: ignore[override]
        self.far.typed.append(message)
        if isinstance(message, bytes) and message.startswith(b"bye "):
            self.close(int(message[4:]), "It is over.")
        elif isinstance(message, bytes):
            await self.write_message(message, binary=True)

    def on_close(self) -> None:
        self.far.closed.set()


class Exec(RequestHandler):
    """Gives tickets."""

    def initialize(self, far: Far) -> None:
        self.far = far

    def post(self) -> None:
        self.far.asked.append(self.request.body)
        status, answer = self.far.refusal or (201, {"ticket": TICKET, "pod": "p", "container": "c"})
        self.set_status(status)
        self.finish(json.dumps(answer))


class Events(RequestHandler):
    """Tells one event, and goes on until the other side has enough."""

    def initialize(self, far: Far) -> None:
        self.far = far
        self.is_over = asyncio.Event()

    async def get(self) -> None:
        self.far.headers.append(dict(self.request.headers.get_all()))
        self.far.asked.append((self.request.uri or "").encode())
        if self.far.refusal:
            self.set_status(self.far.refusal[0])
            return await self.finish(json.dumps(self.far.refusal[1]))
        self.set_header("Content-Type", "text/event-stream")
        self.write("data: {}\n\n")
        await self.flush()
        await self.is_over.wait()

    def on_connection_close(self) -> None:
        self.far.stream_ended.set()
        self.is_over.set()


def start_far(trust: ssl.SSLContext | None = None) -> tuple[Far, HTTPServer]:
    """Starts one, with TLS where it is given how; to be called where a loop runs."""
    far = Far()
    given = {"far": far}
    routes = [("/api/exec", Shell, given), ("/api/services/x/exec", Exec, given), ("/api/.*", Events, given)]
    server = HTTPServer(Application(routes), ssl_options=trust)
    socket, port = bind_unused_port()
    server.add_socket(socket)
    far.url = f"{'https' if trust else 'http'}://localhost:{port}"
    return far, server

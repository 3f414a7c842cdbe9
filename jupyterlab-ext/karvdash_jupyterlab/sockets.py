"""WebSockets that the page opens to this server: Jupyter's authentication, its check of the origin and its permissions stand before them."""

from __future__ import annotations

import asyncio

from jupyter_core.utils import ensure_async
from jupyter_server.auth.decorator import ws_authenticated
from jupyter_server.base.websocket import WebSocketMixin
from tornado import web
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError, WebSocketError, WebSocketHandler, websocket_connect

from .connection import Connection
from .platform_client import tls_context
from .problems import TellsProblems
from .tickets import Kept, Tickets

PROTOCOL = "karvdash.exec.v1"
TICKET_PREFIX = "karvdash.ticket."
# What the platform takes of one frame.
GREATEST_FRAME = 1024 * 1024
# RFC 6455 §7.4.2: 4000 to 4999 are an application's own; 1014 is registered for gateways whose other side broke.
SIGNED_OUT = 4001
BROKEN = 1014
CONNECT_SECONDS = 10
PING_SECONDS = 20


class PageSocket(WebSocketMixin, WebSocketHandler, TellsProblems):
    """A WebSocket of the page; what it may do here is its `action`."""

    action = "read"

    def initialize(self, connection: Connection) -> None:
        self.connection = connection

    def set_default_headers(self) -> None:
        """Those of Jupyter's answers make no sense here."""

    async def prepare(self) -> None:  # type: ignore[override]
        await ensure_async(super().prepare())
        # Before anything is asked of the platform, and not only where tornado asks it: no browser keeps other sites from opening one.
        if not self.check_origin():
            raise web.HTTPError(403, "Another site may not open this.")
        await self.require_permission(self.action)

    def end_with_sign_in(self) -> None:
        """From now on it ends with the credential of the moment."""
        self.connection.on_hang_up.add(self._hang_up)

    def on_close(self) -> None:
        self.connection.on_hang_up.discard(self._hang_up)

    def _hang_up(self) -> None:
        self.close(SIGNED_OUT, "This JupyterLab is not signed in to Karvdash any more.")


class TerminalSocket(PageSocket):
    """A terminal: frames go to the platform's and back as they are, and no faster than the other side takes them."""

    action = "execute"
    max_message_size = GREATEST_FRAME

    def initialize(self, connection: Connection, tickets: Tickets) -> None:  # type: ignore[override]
        super().initialize(connection)
        self._tickets = tickets
        self._far: WebSocketClientConnection | None = None
        self._printing: asyncio.Task[None] | None = None

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        return PROTOCOL if PROTOCOL in subprotocols else None

    @ws_authenticated
    async def get(self) -> None:
        offered = [protocol.strip() for protocol in self.request.headers.get("Sec-WebSocket-Protocol", "").split(",")]
        shown = next((one.removeprefix(TICKET_PREFIX) for one in offered if one.startswith(TICKET_PREFIX)), "")
        kept = self._tickets.use(shown, self.current_user.username)
        if kept is None:
            raise web.HTTPError(403, "This ticket is used up, too old, or somebody else's.")
        try:
            self._far = await dial(kept)
        except (HTTPClientError, WebSocketError, StreamClosedError, OSError, ValueError) as failure:
            raise web.HTTPError(502, "Karvdash did not open the terminal.") from failure
        try:
            await super().get()
        finally:
            if self.ws_connection is None:
                self._far.close()

    def open(self, *args: str, **kwargs: str) -> None:
        super().open(*args, **kwargs)
        self.end_with_sign_in()
        if self._far is not None:
            self._printing = asyncio.create_task(self._print(self._far))

    async def on_message(self, message: str | bytes) -> None:  # type: ignore[override]
        try:
            if self._far is not None:
                await self._far.write_message(message, binary=isinstance(message, bytes))
        except (WebSocketClosedError, StreamClosedError):
            pass  # what is printed tells how it ended

    def on_close(self) -> None:
        super().on_close()
        if self._far is not None:
            self._far.close(1000)

    def _hang_up(self) -> None:
        super()._hang_up()
        # At once, whatever the page makes of it.
        if self._far is not None:
            self._far.close(1000)

    async def _print(self, far: WebSocketClientConnection) -> None:
        try:
            while (message := await far.read_message()) is not None:
                await self.write_message(message, binary=isinstance(message, bytes))
        except (WebSocketClosedError, StreamClosedError):
            return  # the page went away
        self.close(far.close_code or BROKEN, far.close_reason or "The connection was lost.")


async def dial(kept: Kept) -> WebSocketClientConnection:
    """Opens the platform's terminal that a ticket is for."""
    address = kept.credential.url.replace("http", "ws", 1) + "/api/exec"
    context = tls_context(kept.credential) if address.startswith("wss:") else None
    request = HTTPRequest(address, connect_timeout=CONNECT_SECONDS, request_timeout=2 * CONNECT_SECONDS, ssl_options=context)
    return await websocket_connect(request, subprotocols=[PROTOCOL, TICKET_PREFIX + kept.ticket], ping_interval=PING_SECONDS)

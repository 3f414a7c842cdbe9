"""Streams of events by WebSocket.

Over HTTP/1.1 a browser keeps six connections to a server and makes everything else wait; what stays open for hours must not take
them up: two logs beside the folders and services that are watched would stop all of JupyterLab.
"""

from __future__ import annotations

import asyncio
import json
import re

import httpx
from jupyter_server.auth.decorator import ws_authenticated
from tornado import web
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClosedError

from .allowed import allowed_stream
from .connection import Connection
from .credentials import Credential
from .platform_client import authorization, why_away
from .sockets import BROKEN, PageSocket

EVENT_ID = re.compile(r"[\x21-\x7e]{1,200}")


class StreamSocket(PageSocket):
    """One stream: a first message tells how the platform answers, and those that follow are what it says."""

    # The page says nothing.
    max_message_size = 1024

    def initialize(self, connection: Connection, root: str) -> None:  # type: ignore[override]
        super().initialize(connection)
        self._root = root
        self._target = ""
        self._relaying: asyncio.Task[None] | None = None

    @ws_authenticated
    async def get(self) -> None:
        target = allowed_stream(self.request.path[len(self._root) :], self.request.query)
        if target is None:
            raise web.HTTPError(404, "There is no such stream here.")
        self._target = target
        await super().get()

    def open(self, *args: str, **kwargs: str) -> None:
        super().open(*args, **kwargs)
        self._relaying = asyncio.create_task(self._relay())

    def on_message(self, message: str | bytes) -> None:
        """Nothing is expected."""

    def on_close(self) -> None:
        super().on_close()
        if self._relaying is not None:
            self._relaying.cancel()

    async def _relay(self) -> None:
        credential = self.connection.credential()
        try:
            if credential is None:
                await self._refuse(401, "Sign in to Karvdash first.")
            else:
                await self._pass_on(credential)
            self.close(1000)
        except (WebSocketClosedError, StreamClosedError):
            pass  # the page went away
        except (httpx.HTTPError, httpx.StreamError, OSError):
            self.close(BROKEN, "The connection was lost.")

    async def _pass_on(self, credential: Credential) -> None:
        async def send(client: httpx.AsyncClient, token: str) -> httpx.Response:
            headers = {"Accept": "text/event-stream", **authorization(token), **self._last_event()}
            return await client.send(client.build_request("GET", self._target, headers=headers), stream=True)

        try:
            response = await self.connection.ask(credential, send)
        except (httpx.HTTPError, OSError) as failure:
            return await self._refuse(503, why_away(failure, credential.url))
        self.end_with_sign_in()
        try:
            await self._begin(response.status_code, response.headers.get("content-type", ""))
            async for chunk in response.aiter_raw():
                await self.write_message(chunk, binary=True)
        finally:
            await response.aclose()

    async def _begin(self, status: int, content_type: str) -> None:
        await self.write_message(json.dumps({"status": status, "type": content_type}))

    async def _refuse(self, status: int, detail: str) -> None:
        await self._begin(status, "application/problem+json")
        await self.write_message(json.dumps({"title": "Not possible", "status": status, "detail": detail}).encode(), binary=True)

    def _last_event(self) -> dict[str, str]:
        seen = self.get_query_argument("lastEventId", "")
        return {"Last-Event-ID": seen} if EVENT_ID.fullmatch(seen) else {}

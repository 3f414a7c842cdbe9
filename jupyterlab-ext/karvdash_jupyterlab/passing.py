"""Passes allowed requests on to the platform with a credential that the page never sees, as streams both ways."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
from jupyter_core.utils import ensure_async
from jupyter_server.auth.decorator import authorized
from jupyter_server.auth.utils import HTTP_METHOD_TO_AUTH_ACTION
from tornado import web
from tornado.iostream import StreamClosedError

from .allowed import REQUEST_HEADERS, RESPONSE_HEADERS, allowed_target
from .connection import Connection
from .credentials import Credential
from .platform_client import authorization, why_away
from .problems import TellsProblems

GREATEST_BODY = 1 << 50
WITH_BODY = ("POST", "PUT", "PATCH")


@web.stream_request_body
class PassingHandler(TellsProblems):
    """One request to the platform.

    The platform is asked as soon as the headers are here, so that a large body never lies in memory; therefore whether the
    request may be made at all is decided in `prepare`, before its first byte goes on.
    """

    # The page asks every few seconds whether anybody looks or not: that must not keep a server from being culled.
    _track_activity = False

    def initialize(self, connection: Connection, root: str) -> None:
        self.connection = connection
        self._root = root
        self._chunks: asyncio.Queue[bytes | None] = asyncio.Queue(maxsize=4)
        self._asking: asyncio.Task[httpx.Response] | None = None
        self._response: httpx.Response | None = None

    async def prepare(self) -> None:  # type: ignore[override]
        await ensure_async(super().prepare(_redirect_to_login=False))  # type: ignore[arg-type]
        await self.require_permission(HTTP_METHOD_TO_AUTH_ACTION.get((self.request.method or "").upper(), "write"))
        target = allowed_target(self.request.method or "", self.request.path[len(self._root) :], self.request.query)
        if target is None:
            raise web.HTTPError(404, "There is no such operation here.")
        self.request.connection.set_max_body_size(GREATEST_BODY)  # type: ignore[union-attr]
        credential = self.connection.credential()
        if credential is not None:
            self._asking = asyncio.create_task(self._ask(credential, target))

    async def data_received(self, chunk: bytes) -> None:
        await self._put(chunk)

    @web.authenticated
    @authorized
    async def get(self) -> None:
        await self._answer()

    @web.authenticated
    @authorized
    async def head(self) -> None:
        await self._answer()

    @web.authenticated
    @authorized
    async def post(self) -> None:
        await self._answer()

    @web.authenticated
    @authorized
    async def put(self) -> None:
        await self._answer()

    @web.authenticated
    @authorized
    async def patch(self) -> None:
        await self._answer()

    @web.authenticated
    @authorized
    async def delete(self) -> None:
        await self._answer()

    def on_connection_close(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
        if self._response is not None:
            self._closing = asyncio.ensure_future(self._response.aclose())

    def compute_etag(self) -> None:
        """The platform's own is passed on."""

    async def _ask(self, credential: Credential, target: str) -> httpx.Response:
        given = self.request.headers
        has_body = self.request.method in WITH_BODY
        headers = {name: given[name] for name in REQUEST_HEADERS if name in given and (has_body or name != "Content-Length")}

        async def send(client: httpx.AsyncClient, token: str) -> httpx.Response:
            content = self._body() if has_body else None
            shown = {**headers, **authorization(token)}
            request = client.build_request(self.request.method or "", target, headers=shown, content=content)
            return await client.send(request, stream=True)

        # A body that went by cannot be sent again: the page tries again then.
        return await self.connection.ask(credential, send, once=has_body)

    async def _body(self) -> AsyncIterator[bytes]:
        while (chunk := await self._chunks.get()) is not None:
            yield chunk

    async def _put(self, chunk: bytes | None) -> None:
        """Waits until there is room, or until the platform has answered without wanting to read more."""
        if self._asking is None:
            return
        putting = asyncio.ensure_future(self._chunks.put(chunk))
        await asyncio.wait({putting, self._asking}, return_when=asyncio.FIRST_COMPLETED)
        putting.cancel()

    async def _answer(self) -> None:
        if self._asking is None:
            return self.problem(401, "Sign in to Karvdash first.")
        await self._put(None)
        try:
            self._response = await self._asking
        except (httpx.HTTPError, OSError) as failure:
            credential = self.connection.credential()
            return self.problem(503, why_away(failure, credential.url if credential else "Karvdash"))
        except asyncio.CancelledError:
            return  # the page went away
        try:
            await self._relay(self._response)
        except StreamClosedError:
            pass  # the page went away
        except (httpx.HTTPError, httpx.StreamError):
            # What was sent so far says 200: a connection that breaks is the only way left to tell that this is not all.
            self.request.connection.stream.close()  # type: ignore[union-attr]
        finally:
            await self._response.aclose()

    async def _relay(self, response: httpx.Response) -> None:
        self.set_status(response.status_code)
        self.clear_header("Content-Type")
        for name in RESPONSE_HEADERS:
            if name in response.headers:
                self.set_header(name, response.headers[name])
        if response.status_code == 201 and "Location" in response.headers:
            # Only here: an answer that redirects must not send a browser anywhere in Jupyter's origin.
            self.set_header("Location", response.headers["Location"])
        if self.request.path.endswith(("/content", "/archive", "/download")):
            # What lies in a domain or in a log was written by others; opened as a page of this origin it could drive kernels.
            named = response.headers.get("Content-Disposition", "")
            self.set_header("Content-Disposition", named if named.startswith("attachment;") else "attachment")
        if response.status_code in (204, 304) or self.request.method == "HEAD":
            self.finish()
            return
        async for chunk in response.aiter_raw():
            self.write(chunk)
            await self.flush()
        self.finish()

    @property
    def content_security_policy(self) -> str:
        return "default-src 'none'; frame-ancestors 'none'; sandbox"

    def set_default_headers(self) -> None:
        super().set_default_headers()
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")

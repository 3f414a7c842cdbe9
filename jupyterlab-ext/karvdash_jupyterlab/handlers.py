"""What the page may ask this server for. Jupyter's own authentication, authorization and XSRF check stand before all of it."""

from __future__ import annotations

import json
from typing import Any

import httpx
from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado import web

from .allowed import NAME
from .connection import Connection, Refused
from .passing import PassingHandler
from .platform_client import authorization, json_of, why_away
from .settings import Karvdash
from .sockets import TerminalSocket
from .streams import StreamSocket
from .tickets import Tickets

LONGEST_ASKING = 64 * 1024


class KarvdashHandler(APIHandler):
    """What the handlers of this extension have in common."""

    auth_resource = "karvdash"
    _track_activity = False

    def initialize(self, connection: Connection) -> None:
        self.connection = connection

    def refuse(self, status: int, detail: str) -> None:
        """Answers a problem as the platform's API does."""
        self.set_status(status)
        self.finish(json.dumps({"title": "Not possible", "status": status, "detail": detail}))


class StatusHandler(KarvdashHandler):
    """Whether the platform can be used, and by whom."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        state, credential = await self.connection.state()
        answer: dict[str, Any] = {
            "state": state.state,
            "detail": state.detail,
            "url": credential.url if credential else self.connection.offered_url,
            "kind": credential.kind if credential else "none",
            "account": state.account,
        }
        self.finish(json.dumps(answer))


class DeviceHandler(KarvdashHandler):
    """Signing in with a code that is approved in a browser; the page learns the code, and what became of it, and no token."""

    wait_seconds = 20

    @web.authenticated
    @authorized
    async def post(self) -> None:
        url = (self.get_json_body() or {}).get("url")
        if not isinstance(url, str):
            return self.refuse(400, "Enter the dashboard's address.")
        try:
            code = await self.connection.begin_sign_in(url)
        except Refused as refusal:
            return self.refuse(400, str(refusal))
        self.finish(json.dumps({"code": code.shown, "page": code.page, "pageWithCode": code.page_with_code}))

    @web.authenticated
    @authorized
    async def get(self) -> None:
        self.finish(json.dumps({"state": await self.connection.device.outcome(self.wait_seconds)}))

    @web.authenticated
    @authorized
    async def delete(self) -> None:
        self.connection.device.cancel()
        self.set_status(204)
        self.finish()


class SessionHandler(KarvdashHandler):
    """Signing in with a pasted token, and out."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        given = self.get_json_body() or {}
        url, token = given.get("url"), given.get("token")
        if not isinstance(url, str) or not isinstance(token, str) or not token.strip():
            return self.refuse(400, "Enter the dashboard's address and a token.")
        try:
            await self.connection.sign_in(url, token)
        except Refused as refusal:
            return self.refuse(400, str(refusal))
        self.set_status(204)
        self.finish()

    @web.authenticated
    @authorized
    async def delete(self) -> None:
        try:
            is_told = await self.connection.sign_out()
        except Refused as refusal:
            return self.refuse(409, str(refusal))
        self.finish(json.dumps({"isTold": is_told}))


class TicketHandler(KarvdashHandler):
    """A terminal is asked for as the API has it; the platform's ticket stays here, and the page gets one that this server takes."""

    def initialize(self, connection: Connection, tickets: Tickets) -> None:  # type: ignore[override]
        super().initialize(connection)
        self._tickets = tickets

    @web.authenticated
    @authorized("execute")
    async def post(self, target: str) -> None:
        credential = self.connection.credential()
        if credential is None:
            return self.refuse(401, "Sign in to Karvdash first.")
        if len(self.request.body) > LONGEST_ASKING:
            return self.refuse(413, "The command is too long: put it in a file.")

        async def send(client: httpx.AsyncClient, token: str) -> httpx.Response:
            headers = {"Content-Type": "application/json", **authorization(token)}
            return await client.post(target, content=self.request.body, headers=headers)

        try:
            response = await self.connection.ask(credential, send)
        except (httpx.HTTPError, OSError) as failure:
            return self.refuse(503, why_away(failure, credential.url))
        answer = json_of(response)
        if response.status_code == 201 and isinstance(answer.get("ticket"), str):
            # Who comes with Jupyter's own token and no cookie is somebody else each time (IdentityProvider.get_user_token).
            user = "" if self.token_authenticated else self.current_user.username
            answer["ticket"] = self._tickets.keep(answer["ticket"], credential, user)
        elif response.is_success:
            return self.refuse(502, "The answer of Karvdash was not understood.")
        self.set_status(response.status_code)
        self.finish(json.dumps(answer))


def add_handlers(web_app: web.Application, settings: Karvdash) -> None:
    """Adds everything below `<base>/karvdash`."""
    root = url_path_join(web_app.settings["base_url"], "karvdash")
    given = {"connection": Connection(settings)}
    terminals = {**given, "tickets": Tickets()}
    streams = url_path_join(root, "streams")
    web_app.add_handlers(
        ".*$",
        [
            (url_path_join(root, "status"), StatusHandler, given),
            (url_path_join(root, "session"), SessionHandler, given),
            (url_path_join(root, "device"), DeviceHandler, given),
            (f"{root}(/api/services/{NAME}/exec)", TicketHandler, terminals),
            (url_path_join(root, "api/exec"), TerminalSocket, terminals),
            (url_path_join(streams, "api/.*"), StreamSocket, {**given, "root": streams}),
            (url_path_join(root, "api/.*"), PassingHandler, {**given, "root": root}),
        ],
    )

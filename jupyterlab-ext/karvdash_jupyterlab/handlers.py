"""What the page may ask this server for. Jupyter's own authentication, authorization and XSRF check stand before all of it."""

from __future__ import annotations

import json
from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado import web

from .connection import Connection, Refused
from .passing import PassingHandler
from .settings import Karvdash


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


def add_handlers(web_app: web.Application, settings: Karvdash) -> None:
    """Adds everything below `<base>/karvdash`."""
    root = url_path_join(web_app.settings["base_url"], "karvdash")
    given = {"connection": Connection(settings)}
    web_app.add_handlers(
        ".*$",
        [
            (url_path_join(root, "status"), StatusHandler, given),
            (url_path_join(root, "session"), SessionHandler, given),
            (url_path_join(root, "device"), DeviceHandler, given),
            (url_path_join(root, "api/.*"), PassingHandler, {**given, "root": root}),
        ],
    )

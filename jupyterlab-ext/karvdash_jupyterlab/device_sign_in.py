"""Signing in with a code that a person approves in their browser, one at a time."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable

import httpx

from . import oauth
from .approval import approval
from .credentials import Credential
from .platform_client import create_client

# What became of it, for the page.
WAITING, SIGNED_IN, DENIED, EXPIRED, NONE = "waiting", "signed-in", "denied", "expired", "none"


class DeviceSignIn:
    """The code that is shown now, if one is."""

    def __init__(self, keep: Callable[[Credential], Awaitable[None]]) -> None:
        self._keep = keep
        self._waiting: asyncio.Task[str] | None = None

    async def begin(self, server: Credential) -> oauth.DeviceCode:
        """Shows a code for a server; one that was shown before counts no more.

        Raises oauth.Refusal or httpx.HTTPError.
        """
        self.cancel()
        client = create_client(server)
        try:
            code = await oauth.begin_device(client, socket.gethostname())
        except BaseException:
            await client.aclose()
            raise
        self._waiting = asyncio.create_task(self._wait(server, client, code))
        return code

    async def outcome(self, seconds: float) -> str:
        """What became of it, once that is known or the seconds are over."""
        waiting = self._waiting
        if waiting is None:
            return NONE
        await asyncio.wait({waiting}, timeout=seconds)
        if not waiting.done():
            return WAITING
        return NONE if waiting.cancelled() else waiting.result()

    def cancel(self) -> None:
        """Waits no more."""
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = None

    async def _wait(self, server: Credential, client: httpx.AsyncClient, code: oauth.DeviceCode) -> str:
        try:
            tokens = await approval(lambda device: oauth.redeem_device(client, device), code)
        except oauth.Refusal as refusal:
            return DENIED if refusal.code == "access_denied" else EXPIRED
        finally:
            await client.aclose()
        await self._keep(server.renewed(tokens.access, tokens.refresh, tokens.expires_at))
        return SIGNED_IN

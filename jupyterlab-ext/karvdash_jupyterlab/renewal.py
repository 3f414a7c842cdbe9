"""Keeps an access token good: it is renewed once for all who wait, ahead of its end or when the platform refused it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

from .credentials import Credential, alone, keep_credential
from .oauth import Refusal, Tokens

AHEAD_SECONDS = 60


class Renewal:
    """The credential that is kept in a file, with an access token that is good as far as can be known."""

    def __init__(
        self,
        file: Path,
        read: Callable[[], Credential | None],
        refresh: Callable[[Credential], Awaitable[Tokens]],
    ) -> None:
        self._file = file
        self._read = read
        self._refresh = refresh
        self._spent = ""
        self._renewing: asyncio.Task[Credential | None] | None = None

    async def fresh(self, refused: str = "") -> Credential | None:
        """The credential as it is now, given a token that the platform refused: another, or the same where there is none.

        Raises httpx.HTTPError where the platform cannot be asked.
        """
        credential = self._read()
        if credential is None or _is_good(credential, refused):
            return credential
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.create_task(self._renew(refused))
        # Whoever goes away meanwhile must not take the next refresh token along.
        return await asyncio.shield(self._renewing)

    async def _renew(self, refused: str) -> Credential | None:
        async with alone(self._file):
            # Another Jupyter server of the same person may have been here before.
            kept = self._read()
            if kept is None or _is_good(kept, refused) or kept.refresh == self._spent:
                return kept
            try:
                tokens = await self._refresh(kept)
            except Refusal as refusal:
                if refusal.code != "invalid_grant":
                    raise httpx.RemoteProtocolError(str(refusal)) from refusal
                self._spent = kept.refresh
                return kept
            except httpx.HTTPError:
                # What is still good serves until the platform is there again.
                if kept.token == refused or kept.expires_at <= time.time():
                    raise
                return kept
            # A refresh token is good for one use: before anything is done with the access token, the next one is safe.
            renewed = kept.renewed(tokens.access, tokens.refresh, tokens.expires_at)
            keep_credential(self._file, renewed)
            return renewed


def _is_good(credential: Credential, refused: str) -> bool:
    if not credential.refresh:
        return True
    return credential.token != refused and credential.expires_at - AHEAD_SECONDS > time.time()

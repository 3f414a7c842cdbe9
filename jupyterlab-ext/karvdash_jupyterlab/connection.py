"""Who this Jupyter server is to the platform, now."""

from __future__ import annotations

from pathlib import Path

import httpx

from .credentials import (
    Credential,
    forget_credential,
    keep_credential,
    origin_of,
    pod_credential,
    read_credential,
)
from .platform_client import State, create_client, look
from .settings import Karvdash


class Refused(Exception):
    """What was asked for cannot be done; the message is for people."""


class Connection:
    """The credential of the moment, and the client that goes with it."""

    def __init__(self, settings: Karvdash) -> None:
        self._settings = settings
        self._file = Path(settings.credentials_file)
        self._client: httpx.AsyncClient | None = None
        self._client_for: tuple[str, str, str] | None = None

    @property
    def offered_url(self) -> str:
        """The address that the sign-in form begins with."""
        return self._settings.url

    def credential(self) -> Credential | None:
        """Read anew each time: the kubelet replaces a pod's token, and another Jupyter server may have signed in or out."""
        pod = pod_credential(Path(self._settings.identity_folder), self._settings.url)
        return pod or read_credential(self._file, self._settings.ca_file)

    async def client(self, credential: Credential) -> httpx.AsyncClient:
        """The client for where a credential leads; the one before it is closed."""
        wanted = (credential.url, credential.kind, credential.ca_file)
        if self._client is None or self._client_for != wanted:
            client = create_client(credential)
            await self._hang_up()
            self._client, self._client_for = client, wanted
        return self._client

    async def state(self) -> tuple[State, Credential | None]:
        """Whether the platform can be used, and how."""
        credential = self.credential()
        if credential is None:
            return State("signed-out"), None
        try:
            client = await self.client(credential)
        except (OSError, ValueError) as failure:
            return State("away", f"The certificates in {credential.ca_file} cannot be read: {failure}"), credential
        return await look(client, credential.token), credential

    async def sign_in(self, address: str, token: str) -> None:
        """Keeps an address and a token, once the platform has accepted the token there."""
        if self._is_pod():
            raise Refused("This JupyterLab was launched by Karvdash and is signed in as its owner.")
        try:
            credential = Credential(origin_of(address), token.strip(), "token", self._settings.ca_file)
            client = create_client(credential)
        except (OSError, ValueError) as failure:
            raise Refused(str(failure)) from failure
        async with client:
            state = await look(client, credential.token)
        if state.state != "ready":
            raise Refused(state.detail)
        keep_credential(self._file, credential)
        await self._hang_up()

    async def sign_out(self) -> None:
        """Forgets the token."""
        if self._is_pod():
            raise Refused("This JupyterLab was launched by Karvdash: it stays signed in as its owner.")
        forget_credential(self._file)
        await self._hang_up()

    async def _hang_up(self) -> None:
        """Streams end with the credential that opened them."""
        before, self._client = self._client, None
        if before is not None:
            await before.aclose()

    def _is_pod(self) -> bool:
        credential = self.credential()
        return credential is not None and credential.kind == "pod"

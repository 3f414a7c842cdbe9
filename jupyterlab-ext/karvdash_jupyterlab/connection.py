"""Who this Jupyter server is to the platform, now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

from . import oauth
from .credentials import (
    Credential,
    alone,
    forget_credential,
    keep_credential,
    origin_of,
    pod_credential,
    read_credential,
)
from .device_sign_in import DeviceSignIn
from .platform_client import State, create_client, greet, json_of, look, why_away
from .renewal import Renewal
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
        self._renewal = Renewal(self._file, self.credential, self._refresh)
        self.device = DeviceSignIn(self._keep)
        # What to do once the credential of the moment is no more.
        self.on_hang_up: set[Callable[[], None]] = set()

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
            if self._client is not None:
                await self._hang_up()
            self._client, self._client_for = client, wanted
        return self._client

    async def fresh(self, refused: str = "") -> Credential | None:
        """The credential with a token that is good as far as can be known; raises httpx.HTTPError where that cannot be asked."""
        return await self._renewal.fresh(refused)

    async def ask(
        self, credential: Credential, send: Callable[[httpx.AsyncClient, str], Awaitable[httpx.Response]], once: bool = False
    ) -> httpx.Response:
        """Sends a request with a token that is good; where it was not, and the request may be sent again, with the next one.

        Raises httpx.HTTPError where the platform cannot be asked.
        """
        client = await self.client(credential)
        shown = await self.fresh() or credential
        response = await send(client, shown.token)
        if response.status_code != 401 or once or not shown.refresh:
            return response
        renewed = await self.fresh(refused=shown.token)
        if renewed is None or renewed.token == shown.token:
            return response
        await response.aclose()
        return await send(client, renewed.token)

    async def state(self) -> tuple[State, Credential | None]:
        """Whether the platform can be used, and how."""
        credential = self.credential()
        if credential is None:
            return State("signed-out"), None
        try:
            return await self._state_of(credential), credential
        except httpx.HTTPError as failure:
            return State("away", why_away(failure, credential.url)), credential
        except (OSError, ValueError) as failure:
            return State("away", f"The certificates in {credential.ca_file} cannot be read: {failure}"), credential

    async def begin_sign_in(self, address: str) -> oauth.DeviceCode:
        """Shows a code with which somebody can sign in through their browser."""
        server = self._server(address)
        try:
            async with create_client(server) as client:
                trouble = await greet(client)
            if trouble is not None:
                raise Refused(trouble.detail)
            return await self.device.begin(server)
        except httpx.HTTPStatusError as failure:
            raise Refused(str(json_of(failure.response).get("detail", "The server cannot sign anybody in now."))) from failure
        except (httpx.HTTPError, oauth.Refusal, OSError, ValueError) as failure:
            raise Refused(f"{server.url} did not begin to sign you in: {failure}") from failure

    async def sign_in(self, address: str, token: str) -> None:
        """Keeps an address and a token, once the platform has accepted the token there."""
        credential = self._server(address).renewed(token.strip(), "", 0)
        try:
            client = create_client(credential)
        except (OSError, ValueError) as failure:
            raise Refused(str(failure)) from failure
        async with client:
            state = await look(client, credential.token)
        if state.state != "ready":
            raise Refused(state.detail)
        self.device.cancel()
        await self._keep(credential)

    async def sign_out(self) -> bool:
        """Forgets who is signed in, and ends that at the platform; says whether it heard of it, where it had to."""
        if self._is_pod():
            raise Refused("This JupyterLab was launched by Karvdash: it stays signed in as its owner.")
        async with alone(self._file):
            before = self.credential()
            forget_credential(self._file)
        await self._hang_up()
        return await _end(before)

    async def _state_of(self, credential: Credential) -> State:
        client = await self.client(credential)
        shown = await self.fresh() or credential
        state = await look(client, shown.token)
        if state.state != "refused" or not shown.refresh:
            return state
        renewed = await self.fresh(refused=shown.token)
        if renewed is not None and renewed.token != shown.token:
            return await look(client, renewed.token)
        return State("refused", "The sign-in was ended, or was not used for a long time.")

    async def _keep(self, credential: Credential) -> None:
        """Puts a sign-in in the place of the one before it, which ends."""
        async with alone(self._file):
            before = self.credential()
            keep_credential(self._file, credential)
        await self._hang_up()
        await _end(before)

    async def _refresh(self, credential: Credential) -> oauth.Tokens:
        return await oauth.refresh(await self.client(credential), credential.refresh)

    def _server(self, address: str) -> Credential:
        if self._is_pod():
            raise Refused("This JupyterLab was launched by Karvdash and is signed in as its owner.")
        try:
            return Credential(origin_of(address), "", "token", self._settings.ca_file)
        except ValueError as failure:
            raise Refused(str(failure)) from failure

    async def _hang_up(self) -> None:
        """Streams end with the credential that opened them."""
        for act in list(self.on_hang_up):
            act()
        before, self._client = self._client, None
        if before is not None:
            await before.aclose()

    def _is_pod(self) -> bool:
        credential = self.credential()
        return credential is not None and credential.kind == "pod"


async def _end(credential: Credential | None) -> bool:
    """Ends a sign-in at its platform."""
    if credential is None or not credential.refresh:
        return True
    try:
        async with create_client(credential) as client:
            await oauth.revoke(client, credential.refresh)
    except (httpx.HTTPError, oauth.Refusal, OSError, ValueError):
        return False
    return True

"""The way to the platform: one connection pool for each credential, and what the platform says of itself."""

from __future__ import annotations

import json
import ssl
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx

from .credentials import Credential

# The contract of the API that the front end is written for.
CONTRACT = (1, 0)
TIMEOUT = httpx.Timeout(10, read=300, write=300)


@dataclass(frozen=True)
class State:
    """Whether the platform can be used, and by whom: `ready`, `signed-out`, `away`, `refused` or `wrong-version`."""

    state: str
    detail: str = ""
    account: dict[str, Any] = field(default_factory=dict)


def tls_context(credential: Credential) -> ssl.SSLContext:
    """A pod trusts the platform's own authority alone; elsewhere the system's count, and those of the setting."""
    if credential.kind == "pod":
        return ssl.create_default_context(cafile=credential.ca_file or None)
    # Only here: in a pod the extension is installed without what it does not need there.
    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if credential.ca_file:
        context.load_verify_locations(credential.ca_file)
    return context


def create_client(credential: Credential) -> httpx.AsyncClient:
    """A client that follows no redirect and keeps no cookie: a token goes to this one origin."""
    return httpx.AsyncClient(
        base_url=credential.url,
        verify=tls_context(credential),
        timeout=TIMEOUT,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        trust_env=credential.kind != "pod",
        headers={"Accept-Encoding": "identity", "User-Agent": "karvdash-jupyterlab"},
    )


async def greet(client: httpx.AsyncClient) -> State | None:
    """What keeps people from signing in here at all: nobody who answers, or who speaks another contract."""
    try:
        version = await client.get("/api/version")
    except httpx.HTTPError as failure:
        return State("away", why_away(failure, str(client.base_url)))
    if speaks_our_contract(version):
        return None
    return State("wrong-version", "This extension and the server do not fit together. Install the one that the dashboard offers.")


async def look(client: httpx.AsyncClient, token: str) -> State:
    """Asks the platform which contract it speaks, and who shows this token."""
    trouble = await greet(client)
    if trouble is not None:
        return trouble
    try:
        account = await client.get("/api/account", headers=authorization(token))
    except httpx.HTTPError as failure:
        return State("away", why_away(failure, str(client.base_url)))
    if account.status_code == 401:
        return State("refused", "The server does not accept the token: it was revoked or has run out.")
    if account.status_code != 200:
        return State("away", f"The server answered {account.status_code}.")
    return State("ready", account=json_of(account))


def authorization(token: str) -> dict[str, str]:
    """The header that shows a token."""
    return {"Authorization": f"Bearer {token}"}


def speaks_our_contract(response: httpx.Response) -> bool:
    """Whether the server speaks a contract that this extension understands, and still serves clients of its age."""
    answer = json_of(response)
    try:
        theirs = _version(answer["contract"])
        oldest = _version(answer["oldestClient"])
    except (KeyError, ValueError, AttributeError):
        # A server that is starting or overloaded tells nothing of its version.
        return response.status_code >= 500
    return theirs[0] == CONTRACT[0] and oldest <= CONTRACT


def why_away(failure: Exception, url: str) -> str:
    """A sentence for people: what stands between here and the platform."""
    if "CERTIFICATE_VERIFY_FAILED" in str(failure):
        return (
            f"The certificate of {url} is not trusted here. "
            "Name the file of its authority in the setting Karvdash.ca_file or in KARVDASH_CA_FILE."
        )
    return f"{url} cannot be reached at the moment."


def json_of(response: httpx.Response) -> dict[str, Any]:
    """The object in an answer; anything else is an empty one."""
    try:
        answer = json.loads(response.content)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _version(text: str) -> tuple[int, int]:
    major, _, minor = text.partition(".")
    return int(major), int(minor or "0")

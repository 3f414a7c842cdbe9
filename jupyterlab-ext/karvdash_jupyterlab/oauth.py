"""What an editor asks of the platform's authorization server: device codes (RFC 8628), refresh tokens, revocation (RFC 7009)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import httpx

from .credentials import origin_of
from .platform_client import json_of

CLIENT_ID = "karvdash-jupyterlab"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
TIMEOUT_SECONDS = 20


class Refusal(Exception):
    """What the server said instead of what was asked for (RFC 6749 §5.2, RFC 8628 §3.5)."""

    def __init__(self, code: str, description: str = "") -> None:
        super().__init__(description or code)
        self.code = code


@dataclass(frozen=True)
class Tokens:
    """What an editor is signed in with; the access token is good until `expires_at`, by the clock of this machine."""

    access: str
    refresh: str
    expires_at: float


@dataclass(frozen=True)
class DeviceCode:
    """A code that is shown, and what to ask with until somebody approved it."""

    device: str
    shown: str
    page: str
    page_with_code: str
    lifetime: float
    interval: float


async def begin_device(client: httpx.AsyncClient, machine: str) -> DeviceCode:
    """A code for a person to approve."""
    answer = await _ask(client, "device_authorization", {"machine": machine})
    try:
        page = str(answer["verification_uri"])
        return DeviceCode(
            device=str(answer["device_code"]),
            shown=str(answer["user_code"]),
            page=_web_address(page),
            page_with_code=_web_address(str(answer.get("verification_uri_complete", page))),
            lifetime=float(answer["expires_in"]),
            # RFC 8628 §3.2: "If no value is provided, clients MUST use 5 as the default."
            interval=float(answer.get("interval", 5)),
        )
    except (KeyError, TypeError, ValueError) as failure:
        raise httpx.DecodingError("The answer was not understood.") from failure


async def redeem_device(client: httpx.AsyncClient, device: str) -> Tokens:
    """Tokens for a code that was approved."""
    return await _tokens(client, {"grant_type": DEVICE_GRANT, "device_code": device})


async def refresh(client: httpx.AsyncClient, token: str) -> Tokens:
    """The next tokens for a refresh token, which is used up by it."""
    return await _tokens(client, {"grant_type": "refresh_token", "refresh_token": token})


async def revoke(client: httpx.AsyncClient, token: str) -> None:
    """Ends the sign-in that a token is of."""
    await _ask(client, "revoke", {"token": token})


async def _tokens(client: httpx.AsyncClient, fields: dict[str, str]) -> Tokens:
    asked = time.time()
    answer = await _ask(client, "token", fields)
    try:
        return Tokens(str(answer["access_token"]), str(answer["refresh_token"]), asked + float(answer["expires_in"]))
    except (KeyError, TypeError, ValueError) as failure:
        raise httpx.DecodingError("The answer was not understood.") from failure


async def _ask(client: httpx.AsyncClient, path: str, fields: dict[str, str]) -> dict[str, Any]:
    response = await client.post(f"/oauth/{path}", data={"client_id": CLIENT_ID, **fields}, timeout=TIMEOUT_SECONDS)
    answer = json_of(response)
    if 400 <= response.status_code < 500 and isinstance(answer.get("error"), str):
        raise Refusal(answer["error"], str(answer.get("error_description", "")))
    response.raise_for_status()
    return answer


def _web_address(text: str) -> str:
    """An address that the page may link to: what a server names could be a script otherwise."""
    origin = origin_of(text)
    if not text.startswith(f"{origin}/"):
        raise ValueError("This is no address of a page.")
    return text

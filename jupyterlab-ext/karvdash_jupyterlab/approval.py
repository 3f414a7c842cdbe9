"""Waiting until somebody approves a code (RFC 8628 §3.4)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import httpx

from .oauth import DeviceCode, Refusal, Tokens

SLOWER_SECONDS = 5.0
LONGEST_SECONDS = 60.0


async def approval(
    redeem: Callable[[str], Awaitable[Tokens]],
    code: DeviceCode,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Tokens:
    """Asks as often as the server allows, until it gives tokens.

    Raises Refusal `access_denied` or `expired_token`, or another that ends it.
    """
    until = clock() + code.lifetime
    pause = code.interval
    while clock() < until:
        await sleep(pause)
        try:
            return await redeem(code.device)
        except httpx.HTTPError:
            # RFC 8628 §3.5: after a connection timeout, "such as by doubling the polling interval".
            pause = min(pause * 2, LONGEST_SECONDS)
        except Refusal as refusal:
            if refusal.code == "slow_down":
                # "the interval MUST be increased by 5 seconds for this and all subsequent requests"
                pause += SLOWER_SECONDS
            elif refusal.code != "authorization_pending":
                raise
    raise Refusal("expired_token")

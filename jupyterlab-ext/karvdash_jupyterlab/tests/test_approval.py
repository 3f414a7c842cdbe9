"""Waiting until somebody approves a code."""

from __future__ import annotations

import httpx
import pytest

from karvdash_jupyterlab.approval import approval
from karvdash_jupyterlab.oauth import DeviceCode, Refusal, Tokens

TOKENS = Tokens("access", "refresh", 1)
CODE = DeviceCode("d", "BCDF-GHJK", "https://k/#/x", "https://k/#/x?code", lifetime=60, interval=5)
PENDING = Refusal("authorization_pending")


async def outcome(*answers: Tokens | Exception) -> tuple[Tokens | str, list[float]]:
    """What comes of it with a server that gives these answers in turn, and the last for ever; and how long was waited."""
    left, waits = list(answers), []

    async def redeem(device: str) -> Tokens:
        assert device == "d"
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    try:
        return await approval(redeem, CODE, sleep, lambda: sum(waits)), waits
    except Refusal as refusal:
        return refusal.code, waits


async def test_it_asks_at_the_interval_of_the_server() -> None:
    assert await outcome(PENDING, PENDING, TOKENS) == (TOKENS, [5, 5, 5])


async def test_it_asks_less_often_from_then_on_where_the_server_says_so() -> None:
    assert await outcome(Refusal("slow_down"), PENDING, Refusal("slow_down"), TOKENS) == (TOKENS, [5, 10, 10, 15])


async def test_it_goes_on_ever_more_patiently_while_the_server_is_away() -> None:
    away = httpx.ConnectError("away")
    assert await outcome(away, away, TOKENS) == (TOKENS, [5, 10, 20])


@pytest.mark.parametrize("code", ["access_denied", "expired_token", "invalid_client"])
async def test_it_ends_with_what_ends_it(code: str) -> None:
    assert (await outcome(PENDING, Refusal(code)))[0] == code


async def test_it_ends_with_the_lifetime_of_the_code() -> None:
    assert (await outcome(PENDING))[0] == "expired_token"

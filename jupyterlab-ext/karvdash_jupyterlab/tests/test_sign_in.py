"""Signing in through a browser, as the page meets it: it learns a code, and never a token."""

from __future__ import annotations

import asyncio
import json
import stat
import time
from pathlib import Path
from typing import Any

import pytest

from .conftest import Platform
from .test_handlers import refused, state_of

TOKENS = {"access_token": "access-1", "refresh_token": "refresh-1", "expires_in": 900}
NEXT = {"access_token": "access-2", "refresh_token": "refresh-2", "expires_in": 900}
ENDED = (400, {"error": "invalid_grant"})


def code_at(platform: Platform, **more: Any) -> tuple[int, dict[str, Any]]:
    page = f"{platform.url}/#/connect-editor"
    code = {"device_code": "d", "user_code": "BCDF-GHJK", "verification_uri": page, "expires_in": 600, "interval": 0.01}
    return 200, {**code, "verification_uri_complete": f"{page}?code=BCDF-GHJK", **more}


def begin(jp_fetch: Any, url: str) -> Any:
    return jp_fetch("karvdash", "device", method="POST", body=json.dumps({"url": url}))


async def outcome(jp_fetch: Any) -> str:
    return json.loads((await jp_fetch("karvdash", "device")).body)["state"]


@pytest.fixture
def by_browser(credentials_file: Path, platform: Platform) -> Platform:
    """Somebody is signed in by what a browser brought, for another quarter of an hour."""
    keep(credentials_file, platform, time.time() + 900)
    platform.good = {"access-1"}
    return platform


def keep(file: Path, platform: Platform, expires_at: float) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({"url": platform.url, "token": "access-1", "refresh": "refresh-1", "expiresAt": expires_at}))


def kept(file: Path) -> dict[str, Any]:
    return json.loads(file.read_text())


async def test_a_code_is_shown_and_once_it_is_approved_somebody_is_signed_in(
    jp_fetch: Any, platform: Platform, credentials_file: Path
) -> None:
    platform.good = {"access-1"}
    platform.told = [code_at(platform), (400, {"error": "authorization_pending"}), (200, TOKENS)]
    shown = (await begin(jp_fetch, platform.url)).body.decode()
    page = f"{platform.url}/#/connect-editor"
    assert json.loads(shown) == {"code": "BCDF-GHJK", "page": page, "pageWithCode": f"{page}?code=BCDF-GHJK"}
    assert await outcome(jp_fetch) == "signed-in"
    state = await state_of(jp_fetch)
    assert (state["state"], state["kind"], state["account"]) == ("ready", "token", {"name": "alice"})
    assert stat.S_IMODE(credentials_file.stat().st_mode) == 0o600
    assert (kept(credentials_file)["token"], kept(credentials_file)["refresh"]) == ("access-1", "refresh-1")
    assert "access-1" not in shown + json.dumps(state)


@pytest.mark.parametrize(("error", "state"), [("access_denied", "denied"), ("expired_token", "expired")])
async def test_who_is_not_let_in_is_told(jp_fetch: Any, platform: Platform, credentials_file: Path, error: str, state: str) -> None:
    platform.told = [code_at(platform), (400, {"error": error})]
    await begin(jp_fetch, platform.url)
    assert await outcome(jp_fetch) == state
    assert not credentials_file.exists()


async def test_who_cancels_waits_no_more(jp_fetch: Any, platform: Platform, credentials_file: Path) -> None:
    platform.told = [code_at(platform, interval=60)]
    await begin(jp_fetch, platform.url)
    await jp_fetch("karvdash", "device", method="DELETE")
    assert await outcome(jp_fetch) == "none"
    assert len(platform.forms()) == 1


@pytest.mark.parametrize("address", ["javascript:alert(1)//", "http://evil.example/", "https://a@evil.example/", "data:text/html,x"])
async def test_attack_a_server_has_the_page_link_to_a_script(jp_fetch: Any, platform: Platform, address: str) -> None:
    for name in ("verification_uri", "verification_uri_complete"):
        platform.told = [code_at(platform, **{name: address})]
        code, problem = await refused(begin(jp_fetch, platform.url))
        assert (code, address in json.dumps(problem)) == (400, False)


async def test_it_says_why_there_is_no_code(jp_fetch: Any, platform: Platform, identity_folder: Path) -> None:
    assert "cannot be reached" in (await refused(begin(jp_fetch, "http://127.0.0.1:1")))[1]["detail"]
    assert "https://" in (await refused(begin(jp_fetch, "http://karvdash.example.org")))[1]["detail"]
    platform.told = [(429, {"title": "Too many", "status": 429, "detail": "Too many tries. Wait a moment."})]
    assert (await refused(begin(jp_fetch, platform.url)))[1]["detail"] == "Too many tries. Wait a moment."
    platform.contract = "2.0"
    assert "do not fit" in (await refused(begin(jp_fetch, platform.url)))[1]["detail"]
    (identity_folder / "token").write_text("x")
    (identity_folder / "url").write_text(platform.url)
    assert "launched by Karvdash" in (await refused(begin(jp_fetch, platform.url)))[1]["detail"]


async def test_an_access_token_is_renewed_ahead_of_its_end_once_for_all_who_ask(
    jp_fetch: Any, by_browser: Platform, credentials_file: Path
) -> None:
    keep(credentials_file, by_browser, time.time() + 30)
    by_browser.good = {"access-2"}
    by_browser.told = [(200, NEXT)]
    answers = await asyncio.gather(*(jp_fetch("karvdash", "api", "services") for _ in range(8)))
    assert {answer.code for answer in answers} == {200}
    assert by_browser.forms() == [{"grant_type": "refresh_token", "refresh_token": "refresh-1"}]
    assert (kept(credentials_file)["token"], kept(credentials_file)["refresh"]) == ("access-2", "refresh-2")
    assert stat.S_IMODE(credentials_file.stat().st_mode) == 0o600
    assert [path.name for path in credentials_file.parent.iterdir()] == [credentials_file.name]


async def test_an_access_token_that_is_refused_is_renewed(jp_fetch: Any, by_browser: Platform) -> None:
    by_browser.good = {"access-2"}
    by_browser.told = [(200, NEXT)]
    assert (await jp_fetch("karvdash", "api", "services")).code == 200
    by_browser.good = {"access-3"}
    by_browser.told = [(200, {**NEXT, "access_token": "access-3", "refresh_token": "refresh-3"})]
    assert (await state_of(jp_fetch))["state"] == "ready"
    assert [form["refresh_token"] for form in by_browser.forms()] == ["refresh-1", "refresh-2"]


async def test_the_next_refresh_token_is_safe_before_the_access_token_is_used(
    jp_fetch: Any, by_browser: Platform, credentials_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise OSError("The disk is full")

    keep(credentials_file, by_browser, 0)
    by_browser.told = [(200, NEXT)]
    monkeypatch.setattr("karvdash_jupyterlab.renewal.keep_credential", fail)
    assert (await refused(jp_fetch("karvdash", "api", "services")))[0] == 503
    assert not any("access-2" in asked.headers.get("authorization", "") for asked in by_browser.asked)


async def test_who_was_signed_out_by_the_platform_is_told_and_the_refresh_token_is_not_shown_again(
    jp_fetch: Any, by_browser: Platform
) -> None:
    by_browser.good = set()
    by_browser.told = [ENDED]
    for _ in range(3):
        state = await state_of(jp_fetch)
        assert (state["state"], "was ended" in state["detail"]) == ("refused", True)
    assert (await refused(jp_fetch("karvdash", "api", "services")))[0] == 401
    assert len(by_browser.forms()) == 1


@pytest.mark.parametrize("answer", [(503, {}), (500, {"error": "server_error"}), (200, {}), (429, {"status": 429})])
async def test_a_platform_that_cannot_renew_is_away_and_nobody_is_signed_out(
    jp_fetch: Any, by_browser: Platform, credentials_file: Path, answer: tuple[int, dict[str, Any]]
) -> None:
    keep(credentials_file, by_browser, 0)
    by_browser.told = [answer, answer, (200, NEXT)]
    assert (await state_of(jp_fetch))["state"] == "away"
    assert (await refused(jp_fetch("karvdash", "api", "services")))[0] == 503
    by_browser.good = {"access-2"}
    assert (await state_of(jp_fetch))["state"] == "ready"


async def test_what_another_jupyter_server_renewed_is_taken_over(jp_fetch: Any, by_browser: Platform, credentials_file: Path) -> None:
    lock = credentials_file.with_name(f".{credentials_file.name}.lock")
    keep(credentials_file, by_browser, 0)
    lock.touch()
    asking = asyncio.ensure_future(jp_fetch("karvdash", "api", "services"))
    await asyncio.sleep(0.2)
    assert not asking.done()
    by_browser.good = {"access-2"}
    credentials_file.write_text(
        json.dumps({"url": by_browser.url, "token": "access-2", "refresh": "refresh-2", "expiresAt": time.time() + 900})
    )
    lock.unlink()
    assert (await asking).code == 200
    assert by_browser.forms() == []


async def test_who_signs_out_or_in_anew_has_ended_the_sign_in_at_the_platform(
    jp_fetch: Any, by_browser: Platform, credentials_file: Path
) -> None:
    by_browser.told = [(200, {})]
    assert json.loads((await jp_fetch("karvdash", "session", method="DELETE")).body) == {"isTold": True}
    assert not credentials_file.exists()
    keep(credentials_file, by_browser, time.time() + 900)
    by_browser.told = [(200, {})]
    body = json.dumps({"url": by_browser.url, "token": "access-1"})
    assert (await jp_fetch("karvdash", "session", method="POST", body=body)).code == 204
    assert kept(credentials_file) == {"url": by_browser.url, "token": "access-1"}
    assert by_browser.forms() == [{"token": "refresh-1"}] * 2


async def test_who_signs_out_while_the_platform_is_away_is_signed_out_here_and_told(
    jp_fetch: Any, by_browser: Platform, credentials_file: Path
) -> None:
    by_browser.told = [(503, {})]
    assert json.loads((await jp_fetch("karvdash", "session", method="DELETE")).body) == {"isTold": False}
    assert not credentials_file.exists()
    assert (await state_of(jp_fetch))["state"] == "signed-out"

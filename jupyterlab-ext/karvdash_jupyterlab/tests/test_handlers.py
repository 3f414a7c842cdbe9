"""The server part as the page meets it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from .conftest import TOKEN, Platform


async def state_of(jp_fetch: Any) -> dict[str, Any]:
    return json.loads((await jp_fetch("karvdash", "status")).body)


async def refused(asking: Any) -> tuple[int, dict[str, Any]]:
    with pytest.raises(HTTPClientError) as caught:
        await asking
    response = caught.value.response
    assert response is not None
    return response.code, json.loads(response.body)


def sign_in(jp_fetch: Any, url: str, token: str = TOKEN) -> Any:
    return jp_fetch("karvdash", "session", method="POST", body=json.dumps({"url": url, "token": token}))


async def test_it_says_who_is_signed_in(jp_fetch: Any, platform: Platform, credentials_file: Path) -> None:
    assert (await state_of(jp_fetch))["state"] == "signed-out"
    assert (await sign_in(jp_fetch, platform.url)).code == 204
    assert await state_of(jp_fetch) == {
        "state": "ready",
        "detail": "",
        "url": platform.url,
        "kind": "token",
        "account": {"name": "alice"},
    }
    assert json.loads((await jp_fetch("karvdash", "session", method="DELETE")).body) == {"isTold": True}
    assert (await state_of(jp_fetch))["state"] == "signed-out"
    assert not credentials_file.exists()


async def test_a_token_that_is_not_good_is_not_kept(jp_fetch: Any, platform: Platform, credentials_file: Path) -> None:
    code, problem = await refused(sign_in(jp_fetch, platform.url, "kvd_bad"))
    assert (code, "does not accept the token" in problem["detail"]) == (400, True)
    assert not credentials_file.exists()


async def test_it_tells_a_revoked_token_a_wrong_version_and_a_server_that_is_away(
    jp_fetch: Any, signed_in: Platform, credentials_file: Path
) -> None:
    credentials_file.write_text(json.dumps({"url": signed_in.url, "token": "kvd_revoked"}))
    assert (await state_of(jp_fetch))["state"] == "refused"
    signed_in.contract = "2.0"
    assert (await state_of(jp_fetch))["state"] == "wrong-version"
    credentials_file.write_text(json.dumps({"url": "http://127.0.0.1:1", "token": TOKEN}))
    assert (await state_of(jp_fetch))["state"] == "away"
    code, problem = await refused(jp_fetch("karvdash", "api", "services"))
    assert (code, problem["status"]) == (503, 503)


async def test_in_a_pod_it_is_its_owner_and_nobody_else(jp_fetch: Any, platform: Platform, identity_folder: Path) -> None:
    (identity_folder / "token").write_text(TOKEN)
    (identity_folder / "url").write_text(platform.url)
    assert (await state_of(jp_fetch))["kind"] == "pod"
    assert (await refused(sign_in(jp_fetch, platform.url)))[0] == 400
    assert (await refused(jp_fetch("karvdash", "session", method="DELETE")))[0] == 409


async def test_a_request_goes_on_with_the_kept_token_and_nothing_of_jupyters(jp_fetch: Any, signed_in: Platform) -> None:
    headers = {"Cookie": "jupyter=secret", "X-XSRFToken": "x", "If-Match": '"e1"', "Content-Type": "text/x-y", "X-Forwarded-For": "1.2.3.4"}
    signed_in.answer = (200, {"Set-Cookie": "planted=yes", "ETag": '"e2"', "Access-Control-Allow-Origin": "*"}, b'{"ok":true}')
    body = bytes(range(256)) * 5000
    response = await jp_fetch(
        "karvdash", "api", "storage", "local", "content", method="PUT", params={"path": "a"}, headers=headers, body=body
    )
    asked = signed_in.last()
    assert (asked.method, asked.path, asked.body) == ("PUT", "/api/storage/local/content?path=a", body)
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"
    assert (asked.headers["if-match"], asked.headers["content-type"]) == ('"e1"', "text/x-y")
    assert not {"cookie", "x-xsrftoken", "x-forwarded-for", "origin", "referer"} & asked.headers.keys()
    assert response.headers["ETag"] == '"e2"'
    assert "planted" not in str(response.headers.get_list("Set-Cookie"))
    assert response.headers.get("Access-Control-Allow-Origin") != "*"
    await jp_fetch("karvdash", "api", "services")
    assert "cookie" not in signed_in.last().headers


async def test_a_range_comes_back_as_a_download_that_no_browser_runs(jp_fetch: Any, signed_in: Platform) -> None:
    signed_in.answer = (206, {"Content-Range": "bytes 1-2/9", "Content-Type": "text/html"}, b"hi")
    response = await jp_fetch("karvdash", "api", "storage", "local", "content", params={"path": "x.html"}, headers={"Range": "bytes=1-2"})
    assert signed_in.last().headers["range"] == "bytes=1-2"
    assert (response.code, response.body, response.headers["Content-Range"]) == (206, b"hi", "bytes 1-2/9")
    assert response.headers["Content-Disposition"] == "attachment"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]


async def test_a_download_keeps_its_name_and_is_always_one(jp_fetch: Any, signed_in: Platform) -> None:
    named = "attachment; filename=\"a.zip\"; filename*=UTF-8''%C3%BC.zip"
    for operation in ("content", "archive"):
        for told, passed in ((named, named), ("inline; filename=a.html", "attachment"), ("", "attachment")):
            signed_in.answer = (200, {"Content-Disposition": told}, b"PK")
            response = await jp_fetch("karvdash", "api", "storage", "local", operation, params={"path": "a"})
            assert response.headers["Content-Disposition"] == passed


UPLOAD = ("karvdash", "api", "storage", "local", "uploads")
NAMED = (*UPLOAD, "eyJmIjoxfQ.bG9jYWwvYQ.c2ln")


async def test_a_resumable_upload_passes_with_what_it_says_of_itself(jp_fetch: Any, signed_in: Platform) -> None:
    tus = {"Tus-Resumable": "1.0.0"}
    signed_in.answer = (201, {"Location": "/api/storage/local/uploads/n.a.me", **tus}, b"")
    begun = await jp_fetch(*UPLOAD, method="POST", params={"path": "a"}, headers={**tus, "Upload-Length": "9"}, body=b"")
    assert (begun.headers["Location"], signed_in.last().headers["upload-length"]) == ("/api/storage/local/uploads/n.a.me", "9")
    signed_in.answer = (204, {"Upload-Offset": "9", "ETag": '"e"', **tus}, b"")
    body = bytes(range(256)) * 5000
    sent = await jp_fetch(
        *NAMED, method="PATCH", headers={**tus, "Upload-Offset": "4", "Content-Type": "application/offset+octet-stream"}, body=body
    )
    asked = signed_in.last()
    assert (asked.method, asked.body, asked.headers["upload-offset"]) == ("PATCH", body, "4")
    assert asked.headers["content-type"] == "application/offset+octet-stream"
    assert (sent.headers["Upload-Offset"], sent.headers["ETag"]) == ("9", '"e"')
    signed_in.answer = (200, {"Upload-Offset": "4", "Upload-Length": "9"}, b"")
    stand = await jp_fetch(*NAMED, method="HEAD", headers=tus)
    assert (stand.headers["Upload-Offset"], stand.headers["Upload-Length"], stand.body) == ("4", "9", b"")


async def test_attack_no_answer_of_the_platform_sends_a_browser_elsewhere(jp_fetch: Any, signed_in: Platform) -> None:
    for status in (301, 302, 307, 308):
        signed_in.answer = (status, {"Location": "https://evil.example/"}, b"")
        with pytest.raises(HTTPClientError) as caught:
            await jp_fetch("karvdash", "api", "services", follow_redirects=False)
        assert caught.value.response is not None
        assert "Location" not in caught.value.response.headers


async def test_attack_no_request_passes_as_another_or_brings_a_header_of_its_own(jp_fetch: Any, signed_in: Platform) -> None:
    signed_in.answer = (204, {}, b"")
    headers = {"X-HTTP-Method-Override": "DELETE", "Upload-Metadata": "x", "Upload-Concat": "final;/a", "Forwarded": "for=1"}
    await jp_fetch(*NAMED, method="PATCH", headers=dict(headers), body=b"x")
    assert not {name.lower() for name in headers} & signed_in.last().headers.keys()


async def test_what_was_seen_last_of_a_stream_goes_on(jp_fetch: Any, signed_in: Platform) -> None:
    signed_in.answer = (200, {"Content-Type": "text/event-stream"}, b"data: {}\n\n")
    response = await jp_fetch(
        "karvdash", "api", "storage", "local", "events", params={"path": "a"}, headers={"Last-Event-ID": "x-1"}
    )
    assert (response.body, signed_in.last().headers["last-event-id"]) == (b"data: {}\n\n", "x-1")


async def test_a_refusal_comes_back_as_it_is(jp_fetch: Any, signed_in: Platform) -> None:
    signed_in.answer = (412, {"Content-Type": "application/problem+json"}, b'{"title":"Changed","status":412,"code":"entry-changed"}')
    asking = jp_fetch("karvdash", "api", "storage", "local", "content", method="PUT", params={"path": "a"}, body=b"x" * 3_000_000)
    assert (await refused(asking))[1]["code"] == "entry-changed"


async def test_no_other_operation_passes(jp_fetch: Any, signed_in: Platform) -> None:
    assert (await refused(jp_fetch("karvdash", "api", "account", "tokens")))[0] == 404
    assert (await refused(jp_fetch("karvdash", "api", "account", "tokens", method="POST", body="{}")))[0] == 404
    assert signed_in.asked == []


async def test_whoever_is_not_signed_in_to_jupyter_gets_nothing(http_server_client: Any, jp_base_url: str, signed_in: Platform) -> None:
    for path in ("status", "session", "device", "api/account", "api/services", "api/storage/local/uploads/a.b.c"):
        for method, body in (("GET", None), ("HEAD", None), ("POST", "{}"), ("PATCH", "x"), ("DELETE", None)):
            with pytest.raises(HTTPClientError) as caught:
                await http_server_client.fetch(
                    f"{jp_base_url}karvdash/{path}", method=method, body=body, follow_redirects=False, allow_nonstandard_methods=True
                )
            assert caught.value.code in (302, 403, 405), (method, path)
    assert signed_in.asked == []


async def test_a_change_by_cookie_needs_the_xsrf_token(
    http_server_client: Any, jp_base_url: str, jp_auth_header: dict[str, str], jp_serverapp: Any, signed_in: Platform
) -> None:
    token = jp_auth_header["Authorization"].split()[1]
    first = await http_server_client.fetch(f"{jp_base_url}karvdash/status?token={token}")
    cookies = [cookie.split(";")[0] for cookie in first.headers.get_list("Set-Cookie")]
    assert cookies
    with pytest.raises(HTTPClientError) as caught:
        await http_server_client.fetch(
            f"{jp_base_url}karvdash/api/services", method="POST", body="{}", headers={"Cookie": "; ".join(cookies)}
        )
    assert caught.value.code == 403
    assert [asked.path for asked in signed_in.asked] == ["/api/version", "/api/account"]

"""Terminals and streams as the page opens them, and as others try to."""

from __future__ import annotations

import asyncio
import json
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError
from tornado.httpserver import HTTPServer

from karvdash_jupyterlab.credentials import Credential
from karvdash_jupyterlab.sockets import dial
from karvdash_jupyterlab.tickets import GOOD_SECONDS, MOST, Kept, Tickets

from .conftest import TOKEN
from .far import TICKET, Far, start_far

PROTOCOL = "karvdash.exec.v1"


@pytest.fixture
def far(jp_asyncio_loop: asyncio.AbstractEventLoop, credentials_file: Path) -> Iterator[Far]:
    async def begun() -> tuple[Far, HTTPServer]:
        return start_far()

    one, server = jp_asyncio_loop.run_until_complete(begun())
    credentials_file.parent.mkdir(exist_ok=True)
    credentials_file.write_text(json.dumps({"url": one.url, "token": TOKEN}))
    yield one
    server.stop()
    jp_asyncio_loop.run_until_complete(server.close_all_connections())


async def ticket_of(jp_fetch: Any, body: str = "{}") -> str:
    response = await jp_fetch("karvdash", "api", "services", "x", "exec", method="POST", body=body)
    answer = json.loads(response.body)
    assert (response.code, answer["pod"], answer["container"]) == (201, "p", "c")
    return str(answer["ticket"])


def opened(jp_ws_fetch: Any, ticket: str, **more: Any) -> Any:
    return jp_ws_fetch("karvdash", "api", "exec", subprotocols=[PROTOCOL, f"karvdash.ticket.{ticket}"], **more)


async def refusal(opening: Any) -> int:
    with pytest.raises(HTTPClientError) as caught:
        await opening
    return int(caught.value.code)


async def test_a_terminal_carries_what_is_typed_and_printed_as_it_is(jp_fetch: Any, jp_ws_fetch: Any, far: Far) -> None:
    socket = await opened(jp_ws_fetch, await ticket_of(jp_fetch, '{"command":["bash"]}'))
    assert (socket.selected_subprotocol, far.asked) == (PROTOCOL, [b'{"command":["bash"]}'])
    resize = '{"type":"resize","columns":80,"rows":24}'
    await socket.write_message(resize)
    bytes_of_all_kinds = bytes(range(256)) * 1000
    await socket.write_message(bytes_of_all_kinds, binary=True)
    assert await socket.read_message() == bytes_of_all_kinds
    assert far.typed == [resize, bytes_of_all_kinds]
    await socket.write_message(b"bye 4004", binary=True)
    assert await socket.read_message() is None
    assert (socket.close_code, socket.close_reason) == (4004, "It is over.")


async def test_the_platforms_ticket_is_never_in_the_page_and_nothing_of_jupyters_goes_on(
    jp_fetch: Any, jp_ws_fetch: Any, far: Far
) -> None:
    ticket = await ticket_of(jp_fetch)
    assert TICKET not in ticket
    await opened(jp_ws_fetch, ticket)
    assert far.protocols == [[PROTOCOL, f"karvdash.ticket.{TICKET}"]]
    assert not {"Cookie", "Authorization", "Origin"} & far.headers[0].keys()
    assert ticket not in str(far.headers)


async def test_a_page_that_goes_hangs_up(jp_fetch: Any, jp_ws_fetch: Any, far: Far) -> None:
    socket = await opened(jp_ws_fetch, await ticket_of(jp_fetch))
    socket.close()
    await asyncio.wait_for(far.closed.wait(), 30)


async def test_who_signs_out_has_no_terminal_any_more(jp_fetch: Any, jp_ws_fetch: Any, far: Far) -> None:
    socket = await opened(jp_ws_fetch, await ticket_of(jp_fetch))
    await jp_fetch("karvdash", "session", method="DELETE")
    assert await socket.read_message() is None
    assert socket.close_code == 4001
    await asyncio.wait_for(far.closed.wait(), 30)


@pytest.mark.parametrize("is_trusted", [True, False])
async def test_a_terminal_is_opened_with_tls_to_whom_is_trusted_alone(
    tmp_path: Path, is_trusted: bool
) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost", "-out", str(certificate), "-keyout", str(key)]
    subprocess.run([*made, *names], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    far, server = start_far(context)
    credential = Credential(far.url, TOKEN, "token", str(certificate) if is_trusted else "")
    opening = dial(Kept(TICKET, credential, "", 0))
    if is_trusted:
        (await opening).close()
    else:
        with pytest.raises(ssl.SSLError):
            await opening
    assert len(far.protocols) == (1 if is_trusted else 0)
    server.stop()
    await server.close_all_connections()


async def test_a_refusal_says_why(jp_fetch: Any, jp_ws_fetch: Any, far: Far) -> None:
    far.refusal = (409, {"title": "Conflict", "status": 409, "detail": "Nothing of it runs."})
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch("karvdash", "api", "services", "x", "exec", method="POST", body="{}")
    assert caught.value.response is not None
    assert (caught.value.code, json.loads(caught.value.response.body)["detail"]) == (409, "Nothing of it runs.")


async def test_a_connection_that_breaks_is_told_as_one(jp_fetch: Any, jp_ws_fetch: Any, far: Far) -> None:
    socket = await opened(jp_ws_fetch, await ticket_of(jp_fetch))
    far.open[0].ws_connection.stream.close()  # type: ignore[union-attr]
    assert await socket.read_message() is None
    assert (socket.close_code, socket.close_reason) == (1014, "The connection was lost.")


async def test_attack_a_ticket_that_was_used_or_never_given_opens_nothing(jp_fetch: Any, jp_ws_fetch: Any, far: Far) -> None:
    ticket = await ticket_of(jp_fetch)
    await opened(jp_ws_fetch, ticket)
    assert await refusal(opened(jp_ws_fetch, ticket)) == 403
    assert await refusal(opened(jp_ws_fetch, TICKET)) == 403
    assert await refusal(jp_ws_fetch("karvdash", "api", "exec")) == 403
    assert len(far.protocols) == 1


async def test_attack_another_site_opens_neither_terminals_nor_streams(
    jp_fetch: Any, jp_ws_fetch: Any, jp_http_port: int, jp_auth_header: dict[str, str], jp_base_url: str, http_server_client: Any, far: Far
) -> None:
    token, host = jp_auth_header["Authorization"].split()[1], f"localhost:{jp_http_port}"
    first = await http_server_client.fetch(f"{jp_base_url}api/status?token={token}", headers={"Host": host})
    cookies = "; ".join(cookie.split(";")[0] for cookie in first.headers.get_list("Set-Cookie"))
    own = {"Cookie": cookies, "Authorization": ""}
    evil = {**own, "Origin": "https://evil.example"}
    asked = len(far.asked)
    assert await refusal(opened(jp_ws_fetch, await ticket_of(jp_fetch), headers=dict(evil))) == 403
    assert await refusal(jp_ws_fetch("karvdash", "streams", "api", "services", "events", headers=dict(evil))) == 403
    assert far.protocols == []
    assert len(far.asked) == asked + 1
    # With the same cookies from Jupyter's own page it opens.
    await opened(jp_ws_fetch, await ticket_of(jp_fetch), headers=dict(own))
    with pytest.raises(HTTPClientError) as caught:
        await http_server_client.fetch(
            f"{jp_base_url}karvdash/api/services/x/exec", method="POST", body="{}", headers={"Cookie": cookies, "Host": host}
        )
    assert caught.value.code == 403  # no XSRF token


async def test_attack_whoever_is_not_signed_in_to_jupyter_opens_nothing(jp_fetch: Any, jp_ws_fetch: Any, far: Far) -> None:
    nobody = {"Authorization": ""}
    assert await refusal(opened(jp_ws_fetch, await ticket_of(jp_fetch), headers=dict(nobody))) == 403
    assert await refusal(jp_ws_fetch("karvdash", "streams", "api", "services", "events", headers=dict(nobody))) == 403
    assert far.protocols == []


async def test_attack_a_frame_that_is_too_long_goes_nowhere(jp_fetch: Any, jp_ws_fetch: Any, far: Far) -> None:
    socket = await opened(jp_ws_fetch, await ticket_of(jp_fetch))
    await socket.write_message(b"x" * (1024 * 1024 + 1), binary=True)
    assert await socket.read_message() is None
    await asyncio.wait_for(far.closed.wait(), 30)
    assert far.typed == []


async def test_attack_a_command_without_end_is_not_passed_on(jp_fetch: Any, far: Far) -> None:
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch("karvdash", "api", "services", "x", "exec", method="POST", body="x" * 100_000)
    assert (caught.value.code, far.asked) == (413, [])


def test_a_ticket_is_good_once_soon_and_for_who_asked() -> None:
    now = 0.0
    tickets = Tickets(lambda: now)
    credential = Credential("https://k.example", "t", "token")
    shown = tickets.keep("a", credential, "alice")
    kept = tickets.use(shown, "alice")
    assert (kept.ticket if kept else None, tickets.use(shown, "alice")) == ("a", None)
    late = tickets.keep("b", credential, "alice")
    now = GOOD_SECONDS
    assert tickets.use(late, "alice") is None


def test_attack_another_persons_ticket_opens_nothing_and_many_do_not_fill_the_memory() -> None:
    tickets = Tickets(lambda: 0)
    credential = Credential("https://k.example", "t", "token")
    assert tickets.use(tickets.keep("a", credential, "alice"), "mallory") is None
    first = tickets.keep("b", credential, "alice")
    for _ in range(MOST):
        tickets.keep("c", credential, "mallory")
    assert tickets.use(first, "alice") is None


async def test_a_stream_tells_how_it_is_answered_and_then_what_it_says(
    jp_ws_fetch: Any, jp_auth_header: dict[str, str], far: Far
) -> None:
    jupyters = jp_auth_header["Authorization"].split()[1]
    query = {"follow": "true", "tailLines": "5", "token": jupyters, "lastEventId": "2026-03-01T10:20:30.1Z"}
    socket = await jp_ws_fetch("karvdash", "streams", "api", "services", "x", "logs", params=query)
    assert json.loads(await socket.read_message()) == {"status": 200, "type": "text/event-stream"}
    assert await socket.read_message() == b"data: {}\n\n"
    assert far.asked == [b"/api/services/x/logs?follow=true&tailLines=5"]
    headers = far.headers[0]
    assert (headers["Authorization"], headers["Last-Event-Id"]) == (f"Bearer {TOKEN}", "2026-03-01T10:20:30.1Z")
    assert not {"Cookie", "Origin"} & headers.keys()
    socket.close()
    await asyncio.wait_for(far.stream_ended.wait(), 30)


async def test_a_stream_that_is_refused_says_why(jp_fetch: Any, jp_ws_fetch: Any, far: Far, credentials_file: Path) -> None:
    far.refusal = (404, {"title": "Not found", "status": 404, "detail": "There is no such service."})
    for told, status in ((None, 404), ("http://127.0.0.1:1", 503), ("", 401)):
        if told is not None:
            credentials_file.write_text(json.dumps({"url": told, "token": TOKEN}) if told else "")
        socket = await jp_ws_fetch("karvdash", "streams", "api", "services", "x", "logs")
        assert json.loads(await socket.read_message())["status"] == status
        assert json.loads(await socket.read_message())["status"] == status
        assert await socket.read_message() is None
        assert socket.close_code == 1000


@pytest.mark.parametrize("path", ["api/account", "api/services", "api/services/x/events", "api/account/tokens", "api/services/../users"])
async def test_attack_nothing_but_streams_is_heard_as_one(jp_ws_fetch: Any, far: Far, path: str) -> None:
    assert await refusal(jp_ws_fetch("karvdash", "streams", *path.split("/"))) == 404
    assert far.asked == []


async def test_attack_an_event_id_brings_no_header(jp_ws_fetch: Any, far: Far) -> None:
    query = {"lastEventId": "x\r\nX-Evil: 1"}
    socket = await jp_ws_fetch("karvdash", "streams", "api", "services", "events", params=query)
    await socket.read_message()
    assert not {"X-Evil", "Last-Event-Id"} & far.headers[0].keys()

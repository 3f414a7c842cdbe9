"""A Jupyter server with the extension in it, and a platform that remembers what it was asked."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

pytest_plugins = ["pytest_jupyter.jupyter_server"]

TOKEN = "kvd_good"


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Platform:
    """A stand-in for the platform: every answer says what the test told it to say."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    contract: str = "1.0"
    answer: tuple[int, dict[str, str], bytes] = (200, {"Content-Type": "application/json"}, b"{}")
    good: set[str] = field(default_factory=lambda: {TOKEN})
    # What the authorization server answers, in turn.
    told: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    def last(self) -> Asked:
        return self.asked[-1]

    def forms(self) -> list[dict[str, str]]:
        """What the authorization server was asked, without who asked."""
        asked = [dict(parse_qsl(one.body.decode())) for one in self.asked if one.path.startswith("/oauth/")]
        return [{name: value for name, value in form.items() if name not in ("client_id", "machine")} for form in asked]


def _handler(platform: Platform) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", "0")))
            platform.asked.append(Asked(self.command, self.path, headers, body))
            status, told, content = self._answer(headers)
            self.send_response(status)
            for name, value in told.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def _answer(self, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
            if self.path == "/api/version":
                versions = {"product": "0", "contract": platform.contract, "oldestClient": platform.contract}
                return 200, {}, json.dumps(versions).encode()
            if self.path.startswith("/oauth/"):
                status, told = platform.told.pop(0)
                return status, {"Content-Type": "application/json"}, json.dumps(told).encode()
            if headers.get("authorization", "").removeprefix("Bearer ") not in platform.good:
                return 401, {}, b"{}"
            if self.path == "/api/account":
                return 200, {}, json.dumps({"name": "alice"}).encode()
            return platform.answer

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _do

        def log_message(self, *args: Any) -> None:
            pass

    return Handler


@pytest.fixture
def platform():
    one = Platform()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(one))
    one.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield one
    server.shutdown()
    server.server_close()


@pytest.fixture
def credentials_file(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "karvdash.json"


@pytest.fixture
def identity_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "identity"
    folder.mkdir()
    return folder


@pytest.fixture
def jp_server_config(credentials_file: Path, identity_folder: Path) -> dict[str, Any]:
    return {
        "ServerApp": {"jpserver_extensions": {"karvdash_jupyterlab": True}, "allow_unauthenticated_access": False},
        "Karvdash": {"credentials_file": str(credentials_file), "identity_folder": str(identity_folder)},
    }


@pytest.fixture
def signed_in(credentials_file: Path, platform: Platform) -> Platform:
    credentials_file.parent.mkdir()
    credentials_file.write_text(json.dumps({"url": platform.url, "token": TOKEN}))
    return platform

"""Karvdash in JupyterLab: the server part, which talks to the platform so that the page needs no credentials."""

from __future__ import annotations

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "karvdash_jupyterlab"}]


def _load_jupyter_server_extension(server_app: Any) -> None:
    from .handlers import add_handlers
    from .settings import Karvdash

    add_handlers(server_app.web_app, Karvdash(parent=server_app))
    server_app.log.info("Karvdash: the server part is ready")

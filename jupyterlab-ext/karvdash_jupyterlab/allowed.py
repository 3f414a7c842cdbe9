"""The operations that the page may ask for: nothing else of the API can be reached with the credential kept here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode

NAME = r"[a-z0-9][a-z0-9-]{0,62}"
DOMAIN = r"(?:local|remote|shared)"
# What the platform calls a resumable upload: three parts in base64url with dots between them, so never `.` or `..`.
UPLOAD = r"[A-Za-z0-9_-]{1,8000}(?:\.[A-Za-z0-9_-]{1,8000}){2}"
JOB = r"[0-9a-f]{20}"
LOGS = ("pod", "container", "previous", "sinceSeconds", "tailLines")


@dataclass(frozen=True)
class Rule:
    """One operation: its method, its path, and the parameters that its query may have."""

    method: str
    path: re.Pattern[str]
    query: frozenset[str]
    # Whether its answer goes on as long as somebody hears it.
    is_stream: bool = False


def _stream(path: str, *query: str) -> Rule:
    return Rule("GET", re.compile(path), frozenset(query), is_stream=True)


def _rule(method: str, path: str, *query: str) -> Rule:
    return Rule(method, re.compile(path), frozenset(query))


RULES = [
    _rule("GET", "/api/version"),
    _rule("GET", "/api/account"),
    _rule("GET", "/api/account/resources"),
    _rule("GET", "/api/templates", "limit", "cursor"),
    _rule("POST", "/api/templates"),
    _rule("POST", "/api/templates/(?:check|convert)"),
    _rule("GET", f"/api/templates/{NAME}"),
    _rule("PUT", f"/api/templates/{NAME}"),
    _rule("DELETE", f"/api/templates/{NAME}"),
    _rule("GET", f"/api/templates/{NAME}/source"),
    _rule("POST", f"/api/templates/{NAME}/render"),
    _rule("GET", "/api/launches", "limit", "cursor"),
    _rule("PUT", f"/api/launches/{NAME}"),
    _rule("DELETE", f"/api/launches/{NAME}"),
    _rule("GET", "/api/services", "limit", "cursor"),
    _rule("POST", "/api/services"),
    _stream("/api/services/events"),
    _rule("GET", f"/api/services/{NAME}"),
    _rule("DELETE", f"/api/services/{NAME}"),
    _rule("POST", f"/api/services/{NAME}/(?:stop|resume|restart|keep|update)"),
    _rule("GET", f"/api/services/{NAME}/(?:launch|deletion|events)"),
    _stream(f"/api/services/{NAME}/logs", *LOGS, "follow"),
    _rule("GET", f"/api/services/{NAME}/logs/download", *LOGS),
    _rule("GET", "/api/storage"),
    _rule("GET", f"/api/storage/{DOMAIN}/entries", "path", "limit", "cursor", "filter", "hidden", "sort", "direction"),
    _stream(f"/api/storage/{DOMAIN}/events", "path"),
    _rule("GET", f"/api/storage/{DOMAIN}/entry", "path"),
    _rule("DELETE", f"/api/storage/{DOMAIN}/entry", "path", "recursive"),
    _rule("GET", f"/api/storage/{DOMAIN}/content", "path"),
    _rule("PUT", f"/api/storage/{DOMAIN}/content", "path"),
    _rule("POST", f"/api/storage/{DOMAIN}/uploads", "path"),
    _rule("HEAD", f"/api/storage/{DOMAIN}/uploads/{UPLOAD}"),
    _rule("PATCH", f"/api/storage/{DOMAIN}/uploads/{UPLOAD}"),
    _rule("DELETE", f"/api/storage/{DOMAIN}/uploads/{UPLOAD}"),
    _rule("GET", f"/api/storage/{DOMAIN}/archive", "path"),
    _rule("POST", "/api/storage/jobs"),
    _rule("GET", f"/api/storage/jobs/{JOB}"),
    _rule("DELETE", f"/api/storage/jobs/{JOB}"),
    _rule("POST", f"/api/storage/{DOMAIN}/folders"),
    _rule("GET", "/api/images", "limit", "cursor", "search"),
    _rule("GET", "/api/images/tags", "repository", "limit", "cursor", "search"),
    _rule("POST", "/api/images/additions"),
    _stream("/api/images/additions/events"),
    _rule("GET", f"/api/images/additions/{JOB}"),
    _rule("DELETE", f"/api/images/additions/{JOB}"),
    _rule("POST", f"/api/storage/{DOMAIN}/rename"),
]
STREAMS = [rule for rule in RULES if rule.is_stream]

# What a request may say; above all no cookie, no host and no credential of Jupyter's.
REQUEST_HEADERS = (
    "Accept",
    "Content-Length",
    "Content-Type",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "If-Range",
    "If-Unmodified-Since",
    "Last-Event-ID",
    "Range",
    "Tus-Resumable",
    "Upload-Length",
    "Upload-Offset",
)

# What an answer may say; above all no cookie, and nothing that opens Jupyter's origin to other sites.
RESPONSE_HEADERS = (
    "Accept-Ranges",
    "Cache-Control",
    "Content-Length",
    "Content-Range",
    "Content-Type",
    "ETag",
    "Last-Modified",
    "Retry-After",
    "Tus-Resumable",
    "Upload-Length",
    "Upload-Offset",
    "X-Request-Id",
)


def allowed_target(method: str, path: str, query: str) -> str | None:
    """The path and query to ask the platform for, or None where the page may not ask for it.

    The path is matched as it was sent, before anything is decoded, so no encoding can lead elsewhere. Of the query only
    known parameters are left: JupyterLab adds a number against caches, and Jupyter's own token may be in it.
    """
    return _target(method, path, query, RULES)


def allowed_stream(path: str, query: str) -> str | None:
    """The same for what is heard as a stream; None for everything else."""
    return _target("GET", path, query, STREAMS)


def _target(method: str, path: str, query: str, rules: list[Rule]) -> str | None:
    rule = next((rule for rule in rules if rule.method == method and rule.path.fullmatch(path)), None)
    if rule is None:
        return None
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name in rule.query]
    return path + (f"?{urlencode(kept, quote_via=quote)}" if kept else "")

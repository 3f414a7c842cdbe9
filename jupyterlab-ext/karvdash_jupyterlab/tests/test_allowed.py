"""What the page may ask for, and what it may not."""

import pytest

from karvdash_jupyterlab.allowed import allowed_target


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/account"),
        ("POST", "/api/services"),
        ("DELETE", "/api/services/hello-x1y2"),
        ("GET", "/api/storage/local/entries"),
        ("PUT", "/api/storage/shared/content"),
    ],
)
def test_what_the_front_end_needs_passes(method: str, path: str) -> None:
    assert allowed_target(method, path, "") == path


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/account/tokens"),
        ("GET", "/api/account/tokens"),
        ("PUT", "/api/account/password"),
        ("GET", "/api/users"),
        ("PATCH", "/api/users/alice"),
        ("POST", "/api/session"),
        ("POST", "/api/storage/local/content"),
        ("GET", "/api/storage/secret/content"),
        ("GET", "/api/services/../users"),
        ("GET", "/api/services/%2e%2e"),
        ("GET", "/api/services/a%2Fb"),
        ("GET", "/api//account"),
        ("GET", "/api/account/"),
        ("GET", "/api/account\n"),
        ("GET", "/gate"),
        ("GET", "//evil.example/api/account"),
    ],
)
def test_nothing_else_passes(method: str, path: str) -> None:
    assert allowed_target(method, path, "") is None


def test_only_known_parameters_go_on() -> None:
    query = "path=a%20b%2Fc%23%3F%25.txt&token=jupyters-own&1763790000000=&cursor="
    assert allowed_target("GET", "/api/storage/local/entries", query) == "/api/storage/local/entries?path=a%20b%2Fc%23%3F%25.txt&cursor="

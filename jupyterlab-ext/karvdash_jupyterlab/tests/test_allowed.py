"""What the page may ask for, and what it may not."""

import pytest

from karvdash_jupyterlab.allowed import allowed_stream, allowed_target

UPLOAD = "eyJmIjoxfQ.bG9jYWwvYQ.c2ln-_A"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/account"),
        ("POST", "/api/services"),
        ("DELETE", "/api/services/hello-x1y2"),
        ("POST", "/api/services/hello/stop"),
        ("POST", "/api/services/hello/update"),
        ("GET", "/api/services/hello/deletion"),
        ("GET", "/api/services/hello/logs/download"),
        ("GET", "/api/account/resources"),
        ("POST", "/api/templates/check"),
        ("POST", "/api/templates/hello/render"),
        ("GET", "/api/templates/hello/source"),
        ("PUT", "/api/launches/my-kafka"),
        ("GET", "/api/storage/local/entries"),
        ("PUT", "/api/storage/shared/content"),
        ("GET", "/api/storage/local/events"),
        ("GET", "/api/storage/remote/archive"),
        ("POST", "/api/storage/shared/uploads"),
        ("HEAD", f"/api/storage/shared/uploads/{UPLOAD}"),
        ("PATCH", f"/api/storage/shared/uploads/{UPLOAD}"),
        ("DELETE", f"/api/storage/shared/uploads/{UPLOAD}"),
        ("POST", "/api/storage/jobs"),
        ("GET", "/api/storage/jobs/0123456789abcdef0123"),
        ("DELETE", "/api/storage/jobs/0123456789abcdef0123"),
        ("GET", "/api/images"),
        ("GET", "/api/images/tags"),
        ("POST", "/api/images/additions"),
        ("DELETE", "/api/images/additions/0123456789abcdef0123"),
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
        ("POST", "/api/account/cluster-token"),
        ("POST", "/api/platform/templates"),
        ("PUT", "/api/platform/templates/hello/standing"),
        ("GET", "/api/services/hello/password"),
        ("PUT", "/api/services/hello/shares/bob"),
        ("GET", "/api/exec"),
        ("POST", "/api/services/hello/exec"),
        ("POST", "/api/services/hello/launch"),
        ("GET", "/api/services/hello/stop"),
        ("PATCH", "/api/users/alice"),
        ("DELETE", "/api/images"),
        ("GET", "/api/images/uses"),
        ("POST", "/api/images/collection"),
        ("DELETE", "/api/images/additions/.."),
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
        ("GET", f"/api/storage/local/uploads/{UPLOAD}"),
        ("POST", f"/api/storage/local/uploads/{UPLOAD}"),
        ("PATCH", "/api/storage/local/uploads"),
        ("PATCH", "/api/storage/local/uploads/.."),
        ("PATCH", "/api/storage/local/uploads/../content"),
        ("PATCH", "/api/storage/local/uploads/a"),
        ("PATCH", f"/api/storage/local/uploads/{UPLOAD}/"),
        ("PATCH", f"/api/storage/local/uploads/{UPLOAD}%2F..%2F..%2Fcontent"),
        ("DELETE", "/api/storage/local/uploads/a..b"),
        ("DELETE", "/api/storage/jobs"),
        ("DELETE", "/api/storage/jobs/events"),
        ("GET", "/api/storage/jobs"),
        ("GET", "/api/storage/jobs/0123456789abcdef012"),
        ("GET", "/api/storage/jobs/../local/content"),
        ("HEAD", "/api/storage/local/content"),
        ("PATCH", "/api/storage/local/content"),
        ("POST", "/api/storage/local/archive"),
        ("GET", "/api/storage/local/usage"),
    ],
)
def test_attack_nothing_else_passes(method: str, path: str) -> None:
    assert allowed_target(method, path, "") is None


def test_only_known_parameters_go_on() -> None:
    query = "path=a%20b%2Fc%23%3F%25.txt&token=jupyters-own&1763790000000=&cursor="
    assert allowed_target("GET", "/api/storage/local/entries", query) == "/api/storage/local/entries?path=a%20b%2Fc%23%3F%25.txt&cursor="


def test_several_paths_go_on_each_for_itself() -> None:
    query = "path=a%26path%3Dc&path=b&format=tar&1763790000000"
    assert allowed_target("GET", "/api/storage/local/archive", query) == "/api/storage/local/archive?path=a%26path%3Dc&path=b"


@pytest.mark.parametrize("path", ["/api/services/events", "/api/services/hello/logs", "/api/storage/local/events"])
def test_streams_are_heard_as_such(path: str) -> None:
    assert allowed_stream(path, "") == path


@pytest.mark.parametrize("path", ["/api/services", "/api/services/hello/events", "/api/storage/local/content", "/api/exec"])
def test_attack_nothing_else_is_heard_as_a_stream(path: str) -> None:
    assert allowed_stream(path, "path=a") is None


def test_of_logs_only_known_parameters_go_on() -> None:
    query = "pod=a-0&container=web&previous=true&sinceSeconds=5&tailLines=9&follow=true&token=x"
    assert allowed_stream("/api/services/hello/logs", query) == f"/api/services/hello/logs?{query.removesuffix('&token=x')}"
    assert allowed_target("GET", "/api/services/hello/logs/download", "follow=true&tailLines=9") == "/api/services/hello/logs/download?tailLines=9"

"""Where credentials lie, and where they may be sent."""

import json
import stat
from pathlib import Path

import pytest

from karvdash_jupyterlab.credentials import (
    Credential,
    forget_credential,
    keep_credential,
    origin_of,
    pod_credential,
    read_credential,
)


def test_a_kept_token_is_for_its_owner_alone(credentials_file: Path) -> None:
    keep_credential(credentials_file, Credential("https://k.example", "kvd_x", "token"))
    assert stat.S_IMODE(credentials_file.stat().st_mode) == 0o600
    assert read_credential(credentials_file, "ca.pem") == Credential("https://k.example", "kvd_x", "token", "ca.pem")
    assert [path.name for path in credentials_file.parent.iterdir()] == [credentials_file.name]


def test_a_damaged_file_is_as_good_as_none(credentials_file: Path) -> None:
    credentials_file.parent.mkdir(parents=True)
    for content in ("", "[]", "{", json.dumps({"url": "https://k.example"})):
        credentials_file.write_text(content)
        assert read_credential(credentials_file, "") is None


def test_forgetting_twice_is_no_error(credentials_file: Path) -> None:
    keep_credential(credentials_file, Credential("https://k.example", "kvd_x", "token"))
    forget_credential(credentials_file)
    forget_credential(credentials_file)
    assert read_credential(credentials_file, "") is None


def test_a_pods_token_is_read_anew_when_the_kubelet_replaces_it(identity_folder: Path) -> None:
    assert pod_credential(identity_folder, "https://k") is None
    (identity_folder / "token").write_text("first\n")
    (identity_folder / "ca.crt").write_text("")
    assert pod_credential(identity_folder, "https://k/") == Credential("https://k", "first", "pod", str(identity_folder / "ca.crt"))
    (identity_folder / "token").write_text("second")
    (identity_folder / "url").write_text("https://from-file\n")
    assert pod_credential(identity_folder, "") == Credential(
        "https://from-file", "second", "pod", str(identity_folder / "ca.crt")
    )


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("karvdash.example.org", "https://karvdash.example.org"),
        (" https://karvdash.example.org:8443/#/services ", "https://karvdash.example.org:8443"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_an_address_becomes_an_origin(typed: str, origin: str) -> None:
    assert origin_of(typed) == origin


@pytest.mark.parametrize("typed", ["", "http://karvdash.example.org", "ftp://x", "https://", "https://a b", "https://u:p@x", "https://x:y"])
def test_a_token_is_not_sent_to(typed: str) -> None:
    with pytest.raises(ValueError):
        origin_of(typed)

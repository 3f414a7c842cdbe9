"""Credentials: a pod's own token, what a person pasted, or what a sign-in brought. They leave this process towards the platform alone."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit


# Longer than any request is waited for: whoever holds a lock for so long has ended.
STALE_SECONDS = 60


@dataclass(frozen=True)
class Credential:
    """How to reach the platform as somebody; with a refresh token, the token is good until `expires_at`."""

    url: str
    token: str
    kind: Literal["pod", "token"]
    ca_file: str = ""
    refresh: str = ""
    expires_at: float = 0

    def renewed(self, token: str, refresh: str, expires_at: float) -> Credential:
        """The same with other tokens."""
        return replace(self, token=token, refresh=refresh, expires_at=expires_at)


def pod_credential(folder: Path, url: str) -> Credential | None:
    """The token that the kubelet projects; it is read anew each time, because the kubelet replaces it."""
    try:
        token = (folder / "token").read_text("utf-8").strip()
        address = url or (folder / "url").read_text("utf-8").strip()
    except OSError:
        return None
    ca_file = folder / "ca.crt"
    return Credential(address.rstrip("/"), token, "pod", str(ca_file) if ca_file.exists() else "")


def read_credential(file: Path, ca_file: str) -> Credential | None:
    """What was kept at sign-in; a file that was damaged is as good as none."""
    try:
        kept = json.loads(file.read_text("utf-8"))
        credential = Credential(str(kept["url"]), str(kept["token"]), "token", ca_file)
        return credential.renewed(credential.token, str(kept.get("refresh", "")), float(kept.get("expiresAt", 0)))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep_credential(file: Path, credential: Credential) -> None:
    """Keeps an address and tokens where only their owner can read them; whoever reads meanwhile sees the old or the new."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # mkstemp makes the file with mode 0600.
    descriptor, part = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            kept: dict[str, str | float] = {"url": credential.url, "token": credential.token}
            if credential.refresh:
                kept |= {"refresh": credential.refresh, "expiresAt": credential.expires_at}
            json.dump(kept, stream)
            stream.flush()
            # A refresh token is used up once there is the next: that one must outlast a crash.
            os.fsync(stream.fileno())
        os.replace(part, file)
    except BaseException:
        os.unlink(part)
        raise


def forget_credential(file: Path) -> None:
    """Forgets whoever is signed in."""
    file.unlink(missing_ok=True)


@asynccontextmanager
async def alone(file: Path) -> AsyncIterator[None]:
    """Lets one after the other change a file, in all processes of a person."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = file.with_name(f".{file.name}.lock")
    while not _take(lock):
        await asyncio.sleep(0.05)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _take(lock: Path) -> bool:
    try:
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        return True
    except FileExistsError:
        try:
            if time.time() - lock.stat().st_mtime > STALE_SECONDS:
                lock.unlink(missing_ok=True)
        except FileNotFoundError:
            pass  # it was given back just now
        return False


def origin_of(address: str) -> str:
    """The origin of an address that somebody typed.

    Raises ValueError with a sentence where a token must not be sent there.
    """
    typed = address.strip()
    parts = urlsplit(typed if "://" in typed else f"https://{typed}")
    host = parts.hostname or ""
    is_local = host in ("localhost", "127.0.0.1", "::1")
    if parts.username or parts.password:
        raise ValueError("The address must not have a username or a password in it.")
    if not host or any(character.isspace() for character in host):
        raise ValueError("Enter the dashboard's address, such as https://karvdash.example.org.")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_local):
        raise ValueError("The address must begin with https://, so that nobody can read the token on its way.")
    port = parts.port  # raises ValueError where it is none
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}" + (f":{port}" if port else "")

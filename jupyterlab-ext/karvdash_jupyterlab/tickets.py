"""Tickets of terminals: those of the platform stay here, and the page gets others for them."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from .credentials import Credential

# What the platform gives whoever has one.
GOOD_SECONDS = 30
MOST = 100


@dataclass(frozen=True)
class Kept:
    """A ticket of the platform, where it is good, and for whom of those who use this server."""

    ticket: str
    credential: Credential
    user: str
    until: float


class Tickets:
    """Each is used once, soon, and by the one who asked for it."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._kept: dict[str, Kept] = {}

    def keep(self, ticket: str, credential: Credential, user: str) -> str:
        """Keeps a ticket; gives what the page shows for it. Without a user, it is good for whoever may use this server."""
        now = self._now()
        self._kept = {shown: kept for shown, kept in self._kept.items() if kept.until > now}
        while len(self._kept) >= MOST:
            del self._kept[next(iter(self._kept))]
        shown = secrets.token_urlsafe(32)
        self._kept[shown] = Kept(ticket, credential, user, now + GOOD_SECONDS)
        return shown

    def use(self, shown: str, user: str) -> Kept | None:
        """The ticket behind what a page shows; none where it is used up, too old or somebody else's."""
        kept = self._kept.pop(shown, None)
        return kept if kept is not None and kept.until > self._now() and kept.user in ("", user) else None

"""What handlers say when something is not possible: problems, as the platform tells them, never pages."""

from __future__ import annotations

import json

from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import JupyterHandler
from tornado import web


class TellsProblems(JupyterHandler):
    """A handler whose refusals are problems (RFC 9457)."""

    auth_resource = "karvdash"

    def problem(self, status: int, detail: str) -> None:
        """Answers why not, and ends."""
        self.set_status(status)
        self.set_header("Content-Type", "application/problem+json")
        self.finish(json.dumps({"title": "Not possible", "status": status, "detail": detail}))

    def write_error(self, status_code: int, **kwargs: object) -> None:
        failure = kwargs.get("exc_info", (None, None, None))[1]  # type: ignore[index]
        detail = failure.log_message if isinstance(failure, web.HTTPError) and failure.log_message else "Something went wrong."
        self.problem(status_code, detail)

    async def require_permission(self, action: str) -> None:
        """Raises tornado's HTTPError unless whoever asks may do that here."""
        user = self.current_user
        if not user or not await ensure_async(self.authorizer.is_authorized(self, user, action, self.auth_resource)):
            raise web.HTTPError(403, "Sign in to Jupyter first.")

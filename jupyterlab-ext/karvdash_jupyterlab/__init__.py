"""Karvdash in JupyterLab: the server part, which talks to the platform so that the page needs no credentials."""

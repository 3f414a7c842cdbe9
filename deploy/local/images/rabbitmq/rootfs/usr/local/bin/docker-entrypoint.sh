#!/bin/sh
# As upstream: whoever is not root becomes the server as they are.
set -e
exec "$@"

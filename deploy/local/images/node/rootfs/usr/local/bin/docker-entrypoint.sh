#!/bin/sh
# As upstream: what is not a command (an option, a script) is given to node.
set -e
if [ "${1#-}" != "$1" ] || ! command -v "$1" >/dev/null; then
  set -- node "$@"
fi
exec "$@"

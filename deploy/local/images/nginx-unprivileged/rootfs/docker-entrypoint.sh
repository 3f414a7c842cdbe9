#!/bin/sh
# As upstream: before nginx starts, every program in /docker-entrypoint.d runs, in order of its name.
set -e
if [ "$1" = nginx ]; then
  for hook in /docker-entrypoint.d/*; do
    case "$hook" in
      *.envsh) [ ! -x "$hook" ] || . "$hook" ;;
      *.sh) [ ! -x "$hook" ] || "$hook" ;;
    esac
  done
fi
exec "$@"

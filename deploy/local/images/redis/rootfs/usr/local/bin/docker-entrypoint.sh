#!/bin/sh
# As upstream: options and configuration files are given to redis-server, and what it writes is nobody else's.
set -e
case "$1" in
  -* | *.conf) set -- redis-server "$@" ;;
esac
[ "$(umask)" != 0022 ] || umask 0077
exec "$@"

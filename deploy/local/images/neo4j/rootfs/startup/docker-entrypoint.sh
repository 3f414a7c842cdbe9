#!/bin/bash
# Makes settings and the first password of the environment, and becomes the server, or whatever else it is told.
set -eu

if [ "$(id -u)" = 0 ]; then
  chown -R neo4j:neo4j "$NEO4J_HOME" /data /logs
  exec setpriv --reuid neo4j --regid neo4j --init-groups "$0" "$@"
fi
conf=$NEO4J_HOME/conf/neo4j.conf

# A default gives way to what the file says, and the file to a variable; arguments for Java add up.
default() {
  grep -q "^$1=" "$conf" || printf '%s=%s\n' "$1" "$2" >>"$conf"
}
setting() {
  [ "$1" = server.jvm.additional ] || sed -i "/^$1=/d" "$conf"
  printf '%s=%s\n' "$1" "$2" >>"$conf"
}

default server.memory.pagecache.size 512M
default server.default_listen_address 0.0.0.0
default server.directories.run /run
default server.directories.logs /logs
for variable in $(compgen -e NEO4J_); do
  case $variable in
    NEO4J_AUTH | NEO4J_AUTH_PATH | NEO4J_DEBUG | NEO4J_EDITION | NEO4J_HOME) ;;
    *)
      # Two underscores are one, and one is a dot.
      name=$(printf %s "${variable#NEO4J_}" | sed 's/_/./g; s/\.\./_/g')
      [ -z "${!variable}" ] || setting "$name" "${!variable}"
      ;;
  esac
done

if [ "$1" != neo4j ]; then
  exec "$@"
fi

auth=${NEO4J_AUTH:-}
[ -z "${NEO4J_AUTH_PATH:-}" ] || auth=$(cat "$NEO4J_AUTH_PATH")
if [ "$auth" = none ]; then
  setting dbms.security.auth_enabled false
elif [[ $auth =~ ^neo4j/([^/]+)(/[tT][rR][uU][eE])?$ && ${BASH_REMATCH[1]} != neo4j ]]; then
  neo4j-admin dbms set-initial-password "${BASH_REMATCH[1]}" ${BASH_REMATCH[2]:+--require-password-change}
elif [ -n "$auth" ]; then
  echo 'Invalid value for NEO4J_AUTH' >&2
  exit 1
fi
told=$(neo4j console --dry-run)
eval "exec $told"

#!/bin/bash
# As upstream, in short: runs the hooks, gives an unknown uid a name where it may, leaves root for NB_USER, and runs the command.
set -e

run_hooks() {
  local hook
  for hook in "$1"/*; do
    [ -e "$hook" ] || continue
    case "$hook" in
      *.sh) source "$hook" ;;
      *) [ ! -x "$hook" ] || "$hook" ;;
    esac
  done
}

[ $# -gt 0 ] || set -- bash
run_hooks /usr/local/bin/start-notebook.d
if [ "$(id -u)" = 0 ] && [ "$NB_UID" != 0 ]; then
  [ "$CHOWN_HOME" != yes ] || chown "$NB_UID:$NB_GID" "$HOME"
  run_hooks /usr/local/bin/before-notebook.d
  exec setpriv --reuid "$NB_UID" --regid "$NB_GID" --keep-groups "$@"
fi
if ! whoami &>/dev/null && [ -w /etc/passwd ]; then
  echo "$NB_USER-$(id -u):x:$(id -u):$(id -g)::$HOME:/bin/bash" >>/etc/passwd
fi
run_hooks /usr/local/bin/before-notebook.d
exec "$@"

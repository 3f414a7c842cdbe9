#!/bin/sh
# As upstream, in short: runs the scripts of ENTRYPOINTD, then code-server under dumb-init.
set -eu
if [ -d "${ENTRYPOINTD}" ]; then
  find "${ENTRYPOINTD}" -type f -executable -print -exec {} \;
fi
exec dumb-init /usr/bin/code-server "$@"

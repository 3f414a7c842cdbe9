#!/bin/sh
# As upstream: what is not `minio` is given to it.
if [ "$1" != minio ] && [ -n "$1" ]; then
  set -- minio "$@"
fi
exec "$@"

#!/bin/sh
# As upstream: *.template files become configuration, with the environment filled in. Only variables that exist are replaced, so that
# nginx's own ($host, $uri) stay.
set -e
templates=${NGINX_ENVSUBST_TEMPLATE_DIR:-/etc/nginx/templates}
suffix=${NGINX_ENVSUBST_TEMPLATE_SUFFIX:-.template}
output=${NGINX_ENVSUBST_OUTPUT_DIR:-/etc/nginx/conf.d}
[ -d "$templates" ] && [ -w "$output" ] || exit 0
defined=$(awk 'BEGIN { for (name in ENVIRON) printf "${%s} ", name }')
find "$templates" -follow -type f -name "*$suffix" | while read -r template; do
  target=$output/${template#"$templates"/}
  mkdir -p "$(dirname "$target")"
  envsubst "$defined" <"$template" >"${target%"$suffix"}"
done

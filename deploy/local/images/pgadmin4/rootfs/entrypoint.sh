#!/bin/bash
# As upstream: settings from the environment, the database where there is none, the servers to begin with, and pgAdmin.
set -e
python=/venv/bin/python3
if [ ! -s /pgadmin4/config_distro.py ]; then
  printf '%s\n' "CA_FILE = '/etc/ssl/certs/ca-certificates.crt'" "LOG_FILE = '/dev/null'" >/pgadmin4/config_distro.py
  for name in $(compgen -e PGADMIN_CONFIG_); do
    printf '%s = %s\n' "${name#PGADMIN_CONFIG_}" "${!name}" >>/pgadmin4/config_distro.py
  done
fi
if [ ! -f /var/lib/pgadmin/pgadmin4.db ]; then
  if [ -z "$PGADMIN_DEFAULT_EMAIL" ] || [ -z "$PGADMIN_DEFAULT_PASSWORD" ]; then
    echo 'PGADMIN_DEFAULT_EMAIL and PGADMIN_DEFAULT_PASSWORD are missing' >&2
    exit 1
  fi
  export PGADMIN_SETUP_EMAIL=$PGADMIN_DEFAULT_EMAIL PGADMIN_SETUP_PASSWORD=$PGADMIN_DEFAULT_PASSWORD
  "$python" run_pgadmin.py
  servers=${PGADMIN_SERVER_JSON_FILE:-/pgadmin4/servers.json}
  owner=(--user "$PGADMIN_DEFAULT_EMAIL")
  [ "$PGADMIN_CONFIG_SERVER_MODE" != False ] || owner=()
  [ ! -f "$servers" ] || "$python" setup.py load-servers "$servers" "${owner[@]}"
  if [ -f "$PGPASS_FILE" ] && [ "$PGADMIN_CONFIG_SERVER_MODE" = False ]; then
    install -m 600 "$PGPASS_FILE" /var/lib/pgadmin/.pgpass
  fi
fi
timeout=$("$python" -c 'import config; print(config.SESSION_EXPIRATION_TIME * 60 * 60 * 24)')
exec /venv/bin/gunicorn --timeout "$timeout" --bind "${PGADMIN_LISTEN_ADDRESS:-[::]}:${PGADMIN_LISTEN_PORT:-80}" \
  -w 1 --threads "${GUNICORN_THREADS:-25}" --access-logfile "${GUNICORN_ACCESS_LOGFILE:--}" run_pgadmin:app

# Stands for docker.io/dpage/pgadmin4:9.18. Checked in pgadmin-org/pgadmin4, Dockerfile, pkg/docker/entrypoint.sh and pkg/docker/run_pgadmin.py: user `pgadmin` 5050 in group 0,
# Python in /venv, pgAdmin in /pgadmin4, /entrypoint.sh which writes PGADMIN_CONFIG_… to /pgadmin4/config_distro.py, makes the database with
# PGADMIN_DEFAULT_EMAIL and _PASSWORD, loads PGADMIN_SERVER_JSON_FILE, copies PGPASS_FILE where there is one user alone, and runs gunicorn with one worker
# on PGADMIN_LISTEN_ADDRESS and _PORT; data in /var/lib/pgadmin.
# Differs: pgAdmin as PyPI has it, Debian's Python without the capability to bind ports below 1024, no PostgreSQL programs (backup, restore), no
# postfix, no manual.

apt-get update
apt-get install --yes --no-install-recommends python3 python3-venv
useradd --system --uid 5050 --gid root --shell /usr/sbin/nologin pgadmin
python3 -m venv /venv
/venv/bin/pip install --no-cache-dir --no-compile pgadmin4==9.18 gunicorn==23.0.0
packages=/venv/lib/python3.11/site-packages
rm -rf "$packages/pgadmin4/docs"
cp -a "$packages/pgadmin4/." /pgadmin4/
rm -rf "$packages/pgadmin4"
find /venv /pgadmin4 -name tests -type d -path '*/site-packages/*' -prune -exec rm -rf {} +
: >/pgadmin4/config_distro.py
install --directory --owner pgadmin --group root --mode 0775 /run/pgadmin /var/lib/pgadmin
chown pgadmin:root /pgadmin4/config_distro.py
chmod 755 /entrypoint.sh

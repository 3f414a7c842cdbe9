# Stands for docker.io/library/postgres:15.20. Checked in docker-library/postgres, 15/bookworm (Dockerfile, docker-entrypoint.sh): user `postgres` 999:999,
# no USER (whoever is not root goes on as they are), docker-entrypoint.sh with POSTGRES_USER, _PASSWORD, _DB and _INITDB_ARGS, scripts in
# /docker-entrypoint-initdb.d, data in PGDATA, sockets in /var/run/postgresql, port 5432 on all addresses, locale en_US.utf8, SIGINT to stop.
# Differs: Debian's PostgreSQL; of the entry point what is listed here, without starting as root.

groupadd --system --gid 999 postgres
useradd --system --uid 999 --gid postgres --home-dir /var/lib/postgresql --shell /bin/bash postgres
install --directory --owner postgres --group postgres --mode 1777 /var/lib/postgresql /var/lib/postgresql/data
apt-get update
apt-get install --yes --no-install-recommends locales postgresql-common
echo 'en_US.UTF-8 UTF-8' >/etc/locale.gen
locale-gen
sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
apt-get install --yes --no-install-recommends postgresql-15
sed -i "s/^#\?listen_addresses = .*/listen_addresses = '*'/" /usr/share/postgresql/15/postgresql.conf.sample
mkdir /docker-entrypoint-initdb.d
install --directory --owner postgres --group postgres --mode 3777 /var/run/postgresql
chmod 755 /usr/local/bin/docker-entrypoint.sh
/usr/lib/postgresql/15/bin/postgres --version

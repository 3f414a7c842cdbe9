# Stands for docker.io/library/redis:7.2.16. Checked in redis/docker-library-redis, 7.2/debian (Dockerfile, docker-entrypoint.sh): user `redis` 999:999, no USER
# (whoever is not root goes on as they are), options or a *.conf become those of redis-server, umask 0077, data in the working folder /data,
# port 6379, protected mode off.
# Differs: Debian's Redis (7.0); no start as root; protected mode is left as Debian has it, since the server has a password.

groupadd --system --gid 999 redis
useradd --system --gid redis --uid 999 redis
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod +x /usr/sbin/policy-rc.d
apt-get update
apt-get install --yes --no-install-recommends redis-server redis-tools
rm /usr/sbin/policy-rc.d
install --directory --owner redis --group redis /data
redis-server --version

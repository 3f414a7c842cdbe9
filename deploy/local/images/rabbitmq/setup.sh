# Stands for docker.io/library/rabbitmq:4.2.9-management. Checked in docker-library/rabbitmq, 4.2/ubuntu (Dockerfile, management/Dockerfile, docker-entrypoint.sh,
# 10-defaults.conf): user `rabbitmq` 999:999, no USER (whoever is not root goes on as they are), home and data in /var/lib/rabbitmq, settings in
# /etc/rabbitmq/conf.d, the log on the console, programs of RabbitMQ first in the path, management plugin on, ports 5672 and 15672.
# Differs: Debian's RabbitMQ (3.10) and Erlang (25); no start as root; no Prometheus plugin.

groupadd --system --gid 999 rabbitmq
useradd --system --uid 999 --gid rabbitmq --home-dir /var/lib/rabbitmq rabbitmq
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod +x /usr/sbin/policy-rc.d
apt-get update
apt-get install --yes --no-install-recommends --option Dpkg::Options::=--force-confold rabbitmq-server
rm /usr/sbin/policy-rc.d
rm -rf /var/lib/rabbitmq/.erlang.cookie /var/lib/rabbitmq/mnesia
mkdir -p /var/lib/rabbitmq /etc/rabbitmq/conf.d /var/log/rabbitmq
printf '[rabbitmq_management].\n' >/etc/rabbitmq/enabled_plugins
chown -R rabbitmq:rabbitmq /var/lib/rabbitmq /etc/rabbitmq /var/log/rabbitmq
chmod 1777 /var/lib/rabbitmq /etc/rabbitmq /etc/rabbitmq/conf.d /var/log/rabbitmq
chmod 755 /usr/local/bin/docker-entrypoint.sh
test -x /usr/lib/rabbitmq/bin/rabbitmq-server

# Stands for docker.io/library/registry:2.8.3. Checked in distribution/distribution-library-image: the program `registry` in the path with `serve` and
# `garbage-collect`, a shell beside it, images in /var/lib/registry, port 5000, /etc/docker/registry/config.yml.
# Differs: Debian's docker-registry (2.8.2, without the drivers for clouds' storage); no script takes the place of `registry serve`.

# The package would start its service.
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod +x /usr/sbin/policy-rc.d
apt-get update
apt-get install --yes --no-install-recommends docker-registry
rm /usr/sbin/policy-rc.d
ln -s docker-registry /usr/bin/registry
mkdir -p /var/lib/registry
registry --version

# Stands for docker.io/nginxinc/nginx-unprivileged:1.27. Checked in nginxinc/docker-nginx-unprivileged, mainline/debian: user `nginx` 101:101,
# port 8080, /docker-entrypoint.sh running /docker-entrypoint.d, configuration in /etc/nginx/conf.d, templates for envsubst in
# /etc/nginx/templates, pages in /usr/share/nginx/html, logs to standard output and error, everything temporary in /tmp, SIGQUIT to stop,
# /etc/nginx and /var/cache/nginx writable by uid 101 and group 0.
# Differs: Debian's nginx (1.22), without the njs, geoip, image-filter and xslt modules.

groupadd --system --gid 101 nginx
useradd --system --uid 101 --gid nginx --no-create-home --home-dir /nonexistent --shell /bin/false nginx
# Our files under /etc/nginx are there first: they stay.
apt-get update
apt-get install --yes --no-install-recommends --option Dpkg::Options::=--force-confold nginx-light gettext-base
rm -rf /etc/nginx/sites-enabled /etc/nginx/sites-available
mkdir -p /etc/nginx/templates /var/cache/nginx
ln -sf /dev/stdout /var/log/nginx/access.log
ln -sf /dev/stderr /var/log/nginx/error.log
chown -R 101:0 /etc/nginx /var/cache/nginx
chmod -R g+w /etc/nginx /var/cache/nginx

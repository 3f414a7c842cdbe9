# Stands for quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z. Checked in minio/minio, Dockerfile.release and dockerscripts/docker-entrypoint.sh: no USER, the program
# in /usr/bin/minio, docker-entrypoint.sh which puts `minio` before what is not it, /data, port 9000.
# Differs: the module of the sources that came after the last image, compiled here, with the console of its time; without mc and curl, and with Debian below.

mkdir /data
chmod 755 /usr/bin/docker-entrypoint.sh /usr/bin/minio
minio --version

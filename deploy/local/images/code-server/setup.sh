# Stands for docker.io/codercom/code-server:4.139.1. Checked in coder/code-server, ci/release-image/Dockerfile and entrypoint.sh: Debian 12, user
# `coder` 1000 with a home and sudo, the package in /usr/lib/code-server with its own Node in lib/node, `code-server` in /usr/bin, dumb-init,
# scripts of ENTRYPOINTD run first, port 8080, en_US.UTF-8.
# Differs: code-server as npm has it, without compiled modules that it does without (its log files, Kerberos); no fixuid, sudo, zsh and git-lfs.

apt-get update
apt-get install --yes --no-install-recommends dumb-init git locales man-db nano procps openssh-client curl ca-certificates
sed -i 's/^# en_US.UTF-8/en_US.UTF-8/' /etc/locale.gen
locale-gen
useradd --create-home --shell /bin/bash --uid 1000 --user-group coder
chmod 755 /usr/lib/code-server/lib/node /usr/bin/code-server /usr/bin/entrypoint.sh
code-server --version

# Stands for docker.io/library/node:24-bookworm-slim. Checked in nodejs/docker-node, 24/bookworm-slim/Dockerfile: Debian bookworm-slim,
# user and group `node` 1000 with a home, node in /usr/local/bin (also as `nodejs`), docker-entrypoint.sh, command `node`, no USER.
# Left out: npm, corepack and yarn, which no running service needs.

groupadd --gid 1000 node
useradd --uid 1000 --gid node --shell /bin/bash --create-home node
chmod 755 /usr/local/bin/node
ln -s /usr/local/bin/node /usr/local/bin/nodejs
node --version

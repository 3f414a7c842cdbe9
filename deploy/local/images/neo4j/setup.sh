# Stands for docker.io/library/neo4j:5.26.29. Checked in neo4j/docker-neo4j, docker-image-src/5/coredb (Dockerfile-trixie, docker-entrypoint.sh), and in the Operations
# Manual: Neo4j in /var/lib/neo4j, `tini -g -- /startup/docker-entrypoint.sh`, command `neo4j`, user `neo4j` 7474:7474, no USER (root becomes neo4j, whoever else goes on as they
# are), neo4j, neo4j-admin and cypher-shell in the path, folders that everybody may write to, /data and /logs, ports 7474, 7473 and 7687, NEO4J_AUTH, NEO4J_AUTH_PATH, and
# settings by NEO4J_… variables.
# Differs: the jars as Maven Central has them, Debian's Java 17, no Neo4j Browser; of the entry point what is listed here, without plugins and mounted settings.

apt-get update
# Its alternatives have manual pages, for which there must be a place.
mkdir -p /usr/share/man/man1
apt-get install --yes --no-install-recommends openjdk-17-jre-headless maven tini
# Java trusts what this machine trusts, while it fetches.
mkdir /usr/local/share/ca-certificates/host
csplit --quiet --elide-empty-files --prefix=/usr/local/share/ca-certificates/host/ --suffix-format=%03d.crt "$SSL_CERT_FILE" '/-----BEGIN CERTIFICATE-----/' '{*}'
update-ca-certificates >/dev/null 2>&1
mkdir -p /tmp/fetch
cat >/tmp/fetch/pom.xml <<'POM'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>none</groupId><artifactId>none</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>5.26.29</version></dependency>
    <dependency><groupId>org.neo4j</groupId><artifactId>cypher-shell</artifactId><version>5.26.29</version></dependency>
  </dependencies>
</project>
POM
cd /var/lib/neo4j
mvn --quiet --batch-mode --file /tmp/fetch/pom.xml org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DincludeScope=runtime -DoutputDirectory=/var/lib/neo4j/lib
rm -rf /root/.m2 /usr/local/share/ca-certificates/host
apt-get purge --yes --auto-remove maven
apt-get install --yes --no-install-recommends openjdk-17-jre-headless tini
update-ca-certificates --fresh >/dev/null 2>&1
mkdir -p /opt/java
ln -s "$(dirname "$(dirname "$(readlink --canonicalize /usr/bin/java)")")" /opt/java/openjdk

groupadd --system --gid 7474 neo4j
useradd --system --uid 7474 --gid neo4j --no-create-home --home-dir /var/lib/neo4j neo4j
mkdir -p certificates import labs licenses plugins run /data /logs
ln -s /data data
ln -s /logs logs
chown -R neo4j:neo4j /var/lib/neo4j /data /logs
chmod -R 777 /var/lib/neo4j /data /logs
chmod -R 755 bin lib
chmod 755 /startup /startup/docker-entrypoint.sh
export NEO4J_HOME=/var/lib/neo4j JAVA_HOME=/opt/java/openjdk
bin/neo4j --version
bin/cypher-shell --version

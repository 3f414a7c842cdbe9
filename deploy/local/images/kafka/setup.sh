# Stands for docker.io/apache/kafka:4.3.1. Checked in apache/kafka, docker/jvm/Dockerfile, docker/jvm/launch and docker/resources: Kafka in /opt/kafka,
# user `appuser` 1000, command /etc/kafka/docker/run, settings from KAFKA_… variables and CLUSTER_ID by KafkaDockerWrapper, which also formats the storage,
# files in /mnt/shared/config and /etc/kafka/secrets, data in /var/lib/kafka/data, port 9092, writable by uid 1000.
# Differs: the jars as Maven Central has them, with the few programs of bin/ that are used here; Debian's Java 17; no class data archive.

apt-get update
# Its alternatives have manual pages, for which there must be a place.
mkdir -p /usr/share/man/man1
apt-get install --yes --no-install-recommends openjdk-17-jre-headless maven
# Java trusts what this machine trusts, while it fetches.
mkdir /usr/local/share/ca-certificates/host
csplit --quiet --elide-empty-files --prefix=/usr/local/share/ca-certificates/host/ --suffix-format=%03d.crt "$SSL_CERT_FILE" '/-----BEGIN CERTIFICATE-----/' '{*}'
update-ca-certificates >/dev/null 2>&1
mkdir -p /tmp/fetch /opt/kafka/libs /opt/kafka/bin /opt/kafka/config
cat >/tmp/fetch/pom.xml <<'POM'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>none</groupId><artifactId>none</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.3.1</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>4.3.1</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
POM
mvn --quiet --batch-mode --file /tmp/fetch/pom.xml org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=/opt/kafka/libs
rm -rf /root/.m2 /usr/local/share/ca-certificates/host
apt-get purge --yes --auto-remove maven
apt-get install --yes --no-install-recommends openjdk-17-jre-headless
update-ca-certificates --fresh >/dev/null 2>&1

for program in \
  kafka-server-start:kafka.Kafka \
  kafka-storage:kafka.tools.StorageTool \
  kafka-topics:org.apache.kafka.tools.TopicCommand \
  kafka-console-producer:org.apache.kafka.tools.ConsoleProducer \
  kafka-console-consumer:org.apache.kafka.tools.consumer.ConsoleConsumer \
  kafka-metadata-quorum:org.apache.kafka.tools.MetadataQuorumCommand; do
  printf '#!/bin/sh\nexec java ${KAFKA_HEAP_OPTS:--Xmx256M} $KAFKA_OPTS -cp "/opt/kafka/libs/*" %s "$@"\n' "${program#*:}" >"/opt/kafka/bin/${program%%:*}.sh"
done
useradd --create-home --shell /bin/bash --uid 1000 appuser
mkdir -p /var/lib/kafka/data /etc/kafka/secrets /usr/logs /mnt/shared/config
chmod 755 /opt/kafka/bin/*.sh /etc/kafka/docker/run
chown -R appuser:appuser /usr/logs /opt/kafka /mnt/shared/config
chown -R appuser:root /var/lib/kafka /etc/kafka
chmod -R ug+w /etc/kafka /var/lib/kafka
java -cp '/opt/kafka/libs/*' kafka.docker.KafkaDockerWrapper setup --help || true

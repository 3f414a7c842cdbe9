# Stands for docker.io/apache/zeppelin:0.12.0. Checked in apache/zeppelin, scripts/docker/zeppelin/bin/Dockerfile, bin/zeppelin.sh, bin/interpreter.sh, bin/common.sh and
# ZeppelinConfiguration.java: Zeppelin in /opt/zeppelin, which is its home, `/usr/bin/tini --`, command bin/zeppelin.sh in that folder, uid 1000 in group 0, which may write
# to logs, run, conf, notebook and the folder itself; port 8080; settings from ZEPPELIN_… variables; interpreters in interpreter/<group>, which run as processes of their own.
# Differs: the server of version 0.9.0, the last of which Maven Central has all that belongs together; of its interpreters Markdown alone, and a shell of our own in place of
# upstream's, which is not there either, nor is the front end: its REST API and WebSocket are; Debian's Java 17 and Python.

apt-get update
# Its alternatives have manual pages, for which there must be a place.
mkdir -p /usr/share/man/man1
apt-get install --yes --no-install-recommends openjdk-17-jre-headless maven python3 tini
# Java trusts what this machine trusts, while it fetches.
mkdir /usr/local/share/ca-certificates/host
csplit --quiet --elide-empty-files --prefix=/usr/local/share/ca-certificates/host/ --suffix-format=%03d.crt "$SSL_CERT_FILE" '/-----BEGIN CERTIFICATE-----/' '{*}'
update-ca-certificates >/dev/null 2>&1
cd /opt/zeppelin
plugin=org.apache.maven.plugins:maven-dependency-plugin:3.8.1
fetch() {
  mkdir -p "/tmp/fetch/$1"
  printf '<project><modelVersion>4.0.0</modelVersion><groupId>none</groupId><artifactId>none</artifactId><version>1</version><dependencies><dependency>' >"/tmp/fetch/$1/pom.xml"
  printf '<groupId>org.apache.zeppelin</groupId><artifactId>%s</artifactId><version>0.9.0</version></dependency></dependencies></project>' "$1" >>"/tmp/fetch/$1/pom.xml"
  mvn --quiet --batch-mode --file "/tmp/fetch/$1/pom.xml" "$plugin:copy-dependencies" -DincludeScope=runtime -DoutputDirectory="$2"
}
fetch zeppelin-server /opt/zeppelin/lib
fetch zeppelin-markdown /opt/zeppelin/interpreter/md
mv interpreter/md/zeppelin-interpreter-shaded-0.9.0.jar interpreter/
# The compiler is a module of the runtime, without a program of its own.
java -m jdk.compiler/com.sun.tools.javac.Main -cp interpreter/zeppelin-interpreter-shaded-0.9.0.jar -d /tmp/sh interpreter/sh/ShellInterpreter.java
# What every interpreter logs with.
cp interpreter/md/*slf4j-*.jar interpreter/md/log4j-*.jar interpreter/sh/
(cd /tmp/sh && python3 -m zipfile -c /opt/zeppelin/interpreter/sh/zeppelin-shell.jar org)
rm -rf interpreter/sh/ShellInterpreter.java /root/.m2 /usr/local/share/ca-certificates/host
apt-get purge --yes --auto-remove maven
apt-get install --yes --no-install-recommends openjdk-17-jre-headless python3 tini
update-ca-certificates --fresh >/dev/null 2>&1

mkdir -p logs run notebook
chmod 755 bin/*.sh
chmod -R 775 logs run notebook conf
chmod 775 .
test -f lib/zeppelin-server-0.9.0.jar

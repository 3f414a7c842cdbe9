#!/bin/bash
set -e
# Without it the server waits for a key that ends it.
export ZEPPELIN_IDENT_STRING=${ZEPPELIN_IDENT_STRING:-zeppelin}
export ZEPPELIN_WAR=$ZEPPELIN_HOME/web ZEPPELIN_ANGULAR_WAR=$ZEPPELIN_HOME/web
exec java ${ZEPPELIN_MEM:--Xmx1024m} -Dfile.encoding=UTF-8 -cp "$ZEPPELIN_HOME/conf:$ZEPPELIN_HOME/lib/*" org.apache.zeppelin.server.ZeppelinServer

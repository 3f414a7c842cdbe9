#!/bin/bash
set -e
while getopts 'c:p:r:i:d:l:u:g:' option; do
  case $option in
    c) callback_host=$OPTARG ;;
    p) callback_port=$OPTARG ;;
    r) ports=$OPTARG ;;
    i) group=$OPTARG ;;
    d) folder=$OPTARG ;;
    *) ;;
  esac
done
exec java ${ZEPPELIN_INTP_MEM:--Xmx1024m} -Dfile.encoding=UTF-8 -cp "$ZEPPELIN_HOME/conf:$folder/*:$(echo "$ZEPPELIN_HOME"/interpreter/zeppelin-interpreter-shaded-*.jar)" \
  org.apache.zeppelin.interpreter.remote.RemoteInterpreterServer "$callback_host" "$callback_port" "$group" "$ports"

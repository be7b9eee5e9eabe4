#!/bin/sh
# One role with a password of its own and one database a service; run once by the database's first start.
set -eu
for service in catalog ingest qc handover reporting identity; do
    eval "password=\$${service}_password"
    psql -v ON_ERROR_STOP=1 -U postgres -v password="$password" <<SQL
CREATE ROLE $service LOGIN PASSWORD :'password';
CREATE DATABASE $service OWNER $service;
REVOKE CONNECT ON DATABASE $service FROM PUBLIC;
SQL
done

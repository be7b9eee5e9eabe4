#!/bin/sh
# One role and one database a service; run once by the database's first start.
set -eu
for service in catalog ingest qc handover reporting identity; do
    psql -v ON_ERROR_STOP=1 -U postgres -v password="$POSTGRES_PASSWORD" <<SQL
CREATE ROLE $service LOGIN PASSWORD :'password';
CREATE DATABASE $service OWNER $service;
SQL
done

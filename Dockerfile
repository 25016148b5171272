# What README says, on a bare Debian 12:
#
#   docker build --target demo .      ./dev demo: builds the tool, and a static program with SQLite in it
#   docker build --target test .      ./dev test
#   docker build --target install -t cgo-ld-shim .     ./dev install: what recipes copy the tool from
FROM debian:12 AS source
WORKDIR /cgo-ld-shim
COPY . .

FROM source AS demo
RUN ./dev demo

FROM source AS test
RUN ./dev test

FROM source AS install
RUN ./dev install /usr/local

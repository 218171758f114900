# The server in a container, started by the same commands as redis:alpine.
#
#   docker build -t shoal .
#   docker run -p 6379:6379 shoal
#   docker run -p 6379:6379 -v data:/data shoal redis-server --maxmemory 100mb

FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --locked --profile dist --bin shoal

FROM debian:bookworm-slim
# The ids of the redis image, so that a volume written by it can be taken over.
RUN groupadd --system --gid 1000 shoal \
    && useradd --system --uid 999 --gid shoal --home-dir /data --no-create-home shoal \
    && mkdir /data \
    && chown shoal:shoal /data
# redis-cli, for people, health checks and scripts that expect it.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends redis-tools \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /src/target/dist/shoal /usr/local/bin/shoal
COPY deploy/entrypoint.sh /usr/local/bin/entrypoint.sh
RUN ln -s shoal /usr/local/bin/redis-server
VOLUME /data
WORKDIR /data
EXPOSE 6379
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
    CMD redis-cli ping | grep -Eq 'PONG|NOAUTH|LOADING'
ENTRYPOINT ["entrypoint.sh"]
CMD ["redis-server"]

# Movie Sync in a container: `docker build -t movie-sync .`, or `docker compose up -d --build`.
# Runs as user 1000 or any other (`user:`), with a root that may be read-only; writes to /config
# (settings, queues, secrets) and /data (downloads and films, one volume, so that hard links work).

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /opt/movie-sync
COPY requirements.txt /src/
RUN /opt/movie-sync/bin/pip install -r /src/requirements.txt
COPY pyproject.toml README.md LICENSE CHANGELOG.md /src/
COPY docs/movie-sync.1 /src/docs/
COPY movie_sync /src/movie_sync
RUN /opt/movie-sync/bin/pip install --no-deps /src

FROM python:3.13-slim
RUN mkdir -m 0700 /config \
    && mkdir -p /data/downloads /data/films \
    && chown -R 1000:1000 /config /data
COPY --from=build /opt/movie-sync /opt/movie-sync
ENV PATH=/opt/movie-sync/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/config \
    MOVIE_SYNC_HOME=/config \
    MOVIE_SYNC_DOWNLOAD_DIRECTORY=/data/downloads \
    MOVIE_SYNC_LIBRARY_DIRECTORY=/data/films
USER 1000:1000
VOLUME ["/config", "/data"]
# 5000: the page, where it is switched on; 6881: the built-in torrent client.
EXPOSE 5000/tcp 6881/tcp 6881/udp
HEALTHCHECK --interval=60s --timeout=25s --start-period=60s --retries=3 \
    CMD ["movie-sync", "status", "--health"]
ENTRYPOINT ["movie-sync"]

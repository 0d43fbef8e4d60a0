# The program and its locked dependencies. docs/deployment.md tells how it is used.

FROM python:3.11.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /opt/warraq/program
COPY requirements/build.txt requirements/run.txt requirements/camel.txt requirements/morphology.txt requirements/
RUN python3 -m venv /opt/warraq/environment
# morphology.txt is only kept: what it names is GPL data, fetched into the home by `warraq morphology install`.
# --no-build-isolation: an isolated build would fetch a setuptools that has no hash in the lock.
RUN /opt/warraq/environment/bin/python -m pip install --no-deps --no-build-isolation --require-hashes -r requirements/build.txt
RUN /opt/warraq/environment/bin/python -m pip install --no-deps --no-build-isolation --require-hashes -r requirements/run.txt -r requirements/camel.txt
COPY pyproject.toml LICENSE ./
COPY archive archive
COPY indexer indexer
COPY language language
COPY mappings mappings
COPY warraq warraq
COPY web web
RUN /opt/warraq/environment/bin/python -m pip install --no-deps --no-build-isolation --editable .
RUN /opt/warraq/environment/bin/python -m compileall -q archive indexer language warraq web

FROM python:3.11.13-slim-bookworm
# The home is the only place that is written to; a volume mounted on it takes over its owner.
RUN groupadd --gid 10001 warraq \
 && useradd --uid 10001 --gid 10001 --home-dir /var/lib/warraq --no-create-home --shell /usr/sbin/nologin warraq \
 && install -d -o warraq -g warraq -m 0700 /var/lib/warraq
COPY --from=build /opt/warraq /opt/warraq
ENV PATH=/opt/warraq/environment/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    WARRAQ_HOME=/var/lib/warraq \
    WARRAQ_HOST=0.0.0.0 \
    WARRAQ_PORT=8000
USER 10001:10001
WORKDIR /var/lib/warraq
VOLUME /var/lib/warraq
EXPOSE 8000
ENTRYPOINT ["warraq"]
CMD ["serve"]

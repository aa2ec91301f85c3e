# The mock on port 4010; with --build-arg EXTRAS='[check]', the check as well. compose.yaml uses both.
# .ci/try-image runs these steps without a container engine. The tag is dated: it never changes.
FROM debian:trixie-20260202-slim AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3-venv
ARG EXTRAS=
WORKDIR /source
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY openapi ./openapi
COPY mock_server ./mock_server
COPY contract_tests ./contract_tests
RUN python3 -m venv /opt/hypers \
    && /opt/hypers/bin/pip install --no-cache-dir --constraint constraints.txt ".$EXTRAS" \
    && /opt/hypers/bin/pip uninstall -y pip
# Compile the modules and bundle the contract now, because the image may be run read-only. Layers store file
# times in whole seconds, and the bundled contract is used only while the times of its sources are the same.
RUN find /opt/hypers -exec touch --no-dereference --date=@1770000000 {} + \
    && /opt/hypers/bin/python -m compileall -q -f --invalidation-mode unchecked-hash /opt/hypers/lib \
    && /opt/hypers/bin/python -m openapi >/dev/null

FROM debian:trixie-20260202-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/hypers /opt/hypers
ENV PATH=/opt/hypers/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    HYPERS_MOCK_HOST=0.0.0.0
USER 10001:10001
WORKDIR /tmp
EXPOSE 4010
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["/opt/hypers/bin/python", "-c", "import http.client, os; mock = http.client.HTTPConnection('127.0.0.1', int(os.environ.get('HYPERS_MOCK_PORT', 4010)), timeout=2); mock.request('GET', '/__admin/health'); raise SystemExit(mock.getresponse().status != 200)"]
CMD ["hypers-mock"]

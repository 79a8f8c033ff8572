# One image for each kind of party, each with that app's own dependencies and nothing else:
#
#   docker build --target lqi --tag anonymesh/lqi:0.1.0 .
#
# Targets: requester-ui, coordinator, lqi, aggregator, appeal-portal. For production pin both bases by their digests:
# --build-arg BUILD_IMAGE=node:24-bookworm@sha256:… --build-arg RUNTIME_IMAGE=node:24-bookworm-slim@sha256:… (any base
# will do that has Node 24 as `node`: nothing here needs a shell at run time). tests/images follows these steps without
# a container engine, and runs a mesh from what they leave.
ARG BUILD_IMAGE=node:24-bookworm
ARG RUNTIME_IMAGE=node:24-bookworm-slim

FROM ${BUILD_IMAGE} AS build
WORKDIR /source
COPY . .
RUN npm ci --no-audit --no-fund --loglevel=error
RUN node scripts/compile-all.mjs

FROM build AS requester-ui-files
RUN node scripts/lay-out-image.mjs requester-ui image
FROM build AS coordinator-files
RUN node scripts/lay-out-image.mjs coordinator image
FROM build AS lqi-files
RUN node scripts/lay-out-image.mjs lqi image
FROM build AS aggregator-files
RUN node scripts/lay-out-image.mjs aggregator image
FROM build AS appeal-portal-files
RUN node scripts/lay-out-image.mjs appeal-portal image

# The files belong to root and are read by an account that may write nowhere but in what is mounted for it.
FROM ${RUNTIME_IMAGE} AS runtime
WORKDIR /app
# Otherwise glibc keeps memory that was freed, for each thread and for buffers (docs/performance.md).
ENV NODE_ENV=production MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=131072
USER 1000:1000
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --retries=6 --start-period=20s CMD ["node", "-e", "fetch('http://127.0.0.1:8080/health/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["--config", "/etc/anonymesh/config.yaml"]

FROM runtime AS requester-ui
COPY --from=requester-ui-files /source/image .
ENTRYPOINT ["node", "dist/requester-ui/main.js"]

FROM runtime AS coordinator
COPY --from=coordinator-files /source/image .
ENTRYPOINT ["node", "dist/coordinator/main.js"]

FROM runtime AS lqi
COPY --from=lqi-files /source/image .
# Its buffers would otherwise begin a marking of the whole heap twice a second (docs/performance.md).
ENTRYPOINT ["node", "--single-threaded-gc", "--no-incremental-marking", "dist/lqi/main.js"]

FROM runtime AS aggregator
COPY --from=aggregator-files /source/image .
ENTRYPOINT ["node", "dist/aggregator/main.js"]

FROM runtime AS appeal-portal
COPY --from=appeal-portal-files /source/image .
ENTRYPOINT ["node", "dist/appeal-portal/main.js"]

# The generated database client: the only thing that needs development dependencies.
FROM node:24-slim AS client
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --omit=optional --ignore-scripts
COPY prisma.config.ts ./
COPY prisma/schema.prisma prisma/
RUN node node_modules/prisma/build/index.js generate

FROM node:24-slim AS dependencies
WORKDIR /build
COPY package.json package-lock.json ./
# Prisma brings its query compiler for every kind of database, twice; the client reads one of them. The pages serve one
# ready-made file of ECharts, 1 of 67 MB.
RUN npm ci --omit=dev --omit=optional --ignore-scripts \
  && find node_modules/@prisma/client/runtime -name 'query_compiler_*' ! -name '*_small_bg.postgresql.*' -delete \
  && find node_modules/echarts ! -type d ! -path '*/dist/echarts.esm.min.mjs' ! -path '*/echarts/package.json' -delete \
  && rm -r node_modules/zrender

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080
COPY --from=dependencies /build/node_modules /app/node_modules
COPY package.json /app/
COPY prisma/migrations /app/prisma/migrations
COPY prisma/definitions /app/prisma/definitions
COPY src /app/src
COPY --from=client /build/src/store/generated /app/src/store/generated
RUN chmod 755 /app/src/cdd-sync.js && ln -s /app/src/cdd-sync.js /usr/local/bin/cdd-sync
# Where cdd-sync.yaml is looked for.
WORKDIR /etc/cdd-sync
USER node
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["cdd-sync"]
CMD ["start"]

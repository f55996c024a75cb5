# The npm package, which only development dependencies can make.
FROM node:24-slim AS package
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm pack && tar --extract --gzip --file cdd-sync-*.tgz

# Its dependencies, in the versions of package-lock.json: npm would install newer ones with the package.
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
COPY --from=package /build/package /app
RUN ln -s /app/src/cdd-sync.js /usr/local/bin/cdd-sync
# Where cdd-sync.yaml is looked for.
WORKDIR /etc/cdd-sync
USER node
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["cdd-sync"]
CMD ["start"]

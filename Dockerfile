FROM node:24.21.0-trixie-slim AS modules
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:24.21.0-trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends poppler-utils && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=modules /app/node_modules ./node_modules
COPY package.json ecosystem.config.js ./
COPY shared ./shared
COPY services ./services
COPY scripts ./scripts
ENV NODE_ENV=production DATA_DIR=/data UPLOADS_DIR=/uploads PM2_HOME=/tmp/pm2 PM2_CONCURRENT_ACTIONS=5 \
    NODE_COMPILE_CACHE=/app/compiled MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=131072 MALLOC_TRIM_THRESHOLD_=131072
RUN mkdir -p /data /uploads /app/compiled && chown node:node /data /uploads /app/compiled
USER node
# after USER: what Node keeps is for the user who compiled it
RUN node scripts/warm.ts
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8000}/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["sh", "-c", "node scripts/prepare.ts && exec node_modules/.bin/pm2-runtime start ecosystem.config.js"]

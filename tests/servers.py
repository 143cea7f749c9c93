"""The PostgreSQL and the Redis of a test run: started once, shared by all workers, thrown away.

``TEST_DATABASE_URL`` and ``TEST_REDIS_URL`` name servers to use instead. The environment hands
them from the controlling process to the workers.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from s2b2c.embedded import throwaway

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
# What a developer's own environment or .env must not change in a test.
_FIXED = {
    "DEBUG": "",
    "DEMO": "",
    "HTTPS": "",
    "SECRET_KEY": "tests-only-tests-only-tests-only-tests-only-tests-only",
    "PLATFORM_DOMAIN": "localhost",
    "PLATFORM_NAME": "S2B2C",
    "PUBLIC_PORT": "8000",
    "ALLOWED_HOSTS": "",
    "STRIPE_SECRET_KEY": "sk_test_tests",
    "STRIPE_WEBHOOK_SECRET": "whsec_tests",
    "STRIPE_API_BASE": "",
    "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
    "STATIC_STORAGE": "",
}


def prepare() -> None:
    """Start the servers unless they run already, and point the environment at them."""
    if not os.environ.get("TEST_DATABASE_URL") or not os.environ.get("TEST_REDIS_URL"):
        servers = throwaway.start(safe=bool(os.environ.get("TEST_SAFE")))
        os.environ.setdefault("TEST_DATABASE_URL", servers.database_url)
        os.environ.setdefault("TEST_REDIS_URL", servers.redis_url)
    for name, value in _FIXED.items():
        if value:
            os.environ[name] = value
        else:
            os.environ.pop(name, None)
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
    os.environ["REDIS_URL"] = _redis_url(os.environ["TEST_REDIS_URL"])
    os.environ["VAR_DIR"] = _var_dir()
    os.environ["DJANGO_SETTINGS_MODULE"] = "s2b2c.settings"


def database_name(part: str = _WORKER) -> str:
    """Return the name of this worker's database; two runs on one server don't meet."""
    run = os.environ["S2B2C_TEST_VAR"].rpartition("-")[2]
    return f"s2b2c_tests_{run}_{part}"


def _redis_url(url: str) -> str:
    number = int("".join(filter(str.isdigit, _WORKER)) or 0) % 15 + 1
    return urlunsplit(urlsplit(url)._replace(path=f"/{number}"))


def _var_dir() -> str:
    shared = os.environ.get("S2B2C_TEST_VAR")
    if shared is None:
        folder = tempfile.TemporaryDirectory(prefix="s2b2c-tests-")
        _kept.append(folder)
        shared = os.environ["S2B2C_TEST_VAR"] = folder.name
    own = Path(shared, _WORKER)
    (own / "static").mkdir(parents=True, exist_ok=True)
    return str(own)


_kept: list[tempfile.TemporaryDirectory[str]] = []


def make_database() -> None:
    """Make this worker's database: a copy of one that the first worker migrates."""
    import psycopg2
    from django.conf import settings
    from django.db import connection

    template = database_name("template")
    with open(Path(os.environ["S2B2C_TEST_VAR"], "database.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        admin = psycopg2.connect(os.environ["TEST_DATABASE_URL"])
        admin.autocommit = True
        with admin.cursor() as cursor:
            if not Path(lock.name + ".done").exists():
                cursor.execute(f'DROP DATABASE IF EXISTS "{template}" WITH (FORCE)')
                cursor.execute(f'CREATE DATABASE "{template}"')
                _migrate(template)
                Path(lock.name + ".done").touch()
        admin.close()
    name = database_name()
    copy_database(name)
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


def copy_database(name: str) -> None:
    """Make one more database like this worker's, empty."""
    import psycopg2

    template = database_name("template")
    with open(Path(os.environ["S2B2C_TEST_VAR"], "database.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a template may have one reader only
        admin = psycopg2.connect(os.environ["TEST_DATABASE_URL"])
        admin.autocommit = True
        with admin.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
            cursor.execute(f'ALTER DATABASE "{name}" SET search_path = public')  # a copy does not inherit it
        admin.close()


def _migrate(name: str) -> None:
    from django.db import connection

    from s2b2c.tenancy import shared_schema

    connection.close()
    connection.settings_dict["NAME"] = name
    shared_schema.migrate()
    with connection.cursor() as cursor:  # tests that commit empty every table afterwards
        cursor.execute("SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE tgname LIKE '%_never_emptied'")
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    connection.close()


def drop_database(name: str) -> None:
    """Drop a database: matters only on servers that stay."""
    import psycopg2
    from django.db import connections

    connections.close_all()
    admin = psycopg2.connect(os.environ["TEST_DATABASE_URL"])
    admin.autocommit = True
    with admin.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    admin.close()

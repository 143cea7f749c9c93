"""What ``make check`` asks Django: are migrations missing, would the settings do in production?"""

from __future__ import annotations

import os
import subprocess
import sys

from s2b2c.embedded import places, throwaway

# As an installation with a name of its own would be set up.
PRODUCTION = {
    "HTTPS": "1",
    "DEBUG": "",
    "PLATFORM_DOMAIN": "shops.example",
    "SECRET_KEY": "a-key-for-this-check-only-0123456789-abcdefghijklmnopqrstuvwxyz",
    "STATIC_STORAGE": "whitenoise.storage.CompressedManifestStaticFilesStorage",
    "STATIC_FINDERS": "0",
}
COMMANDS = (
    ["prepare", "--no-seed"],
    ["makemigrations", "--check", "--dry-run"],
    ["check", "--deploy", "--fail-level", "WARNING"],
)


def main() -> int:
    """Run each command with production's settings on a database that is thrown away."""
    servers = throwaway.start()
    env = {**os.environ, **PRODUCTION, "DATABASE_URL": servers.database_url, "REDIS_URL": servers.redis_url}
    try:
        return max(_manage(command, env) for command in COMMANDS)
    finally:
        servers.stop()


def _manage(command: list[str], env: dict[str, str]) -> int:
    done = subprocess.run([sys.executable, "manage.py", *command], cwd=places.PROJECT, env=env, check=False)
    if done.returncode:
        print(f"manage.py {' '.join(command)} failed", file=sys.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())

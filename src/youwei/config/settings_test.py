"""Settings of the tests: a scratch folder for every process, plain static files, a quick password hash, jobs done on the spot.

`DATABASE_URL` picks the store as it does in the product.
"""

import os
import tempfile
from pathlib import Path

_scratch = tempfile.TemporaryDirectory(prefix="youwei-test-")
SCRATCH = Path(_scratch.name)
os.environ["YOUWEI_DATA"] = str(SCRATCH)
os.environ.pop("YOUWEI_KEYS", None)
os.environ.pop("YOUWEI_BACKUPS", None)
os.environ.setdefault("YOUWEI_SECRET_KEY", "for-tests-only-and-long-enough-to-please-the-deployment-check")
# Playwright's synchronous interface runs an event loop in the test's own thread.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

from youwei.config.settings import *

if "sqlite3" in DATABASES["default"]["ENGINE"]:
    # A file, because write-ahead logging and several threads need one; it is thrown away, so it need not wait for the disk.
    DATABASES["default"]["TEST"] = {"NAME": SCRATCH / "test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    # What one test has left open fails the next by name, and does not hold it up for ever; and no waiting for the disk, as above.
    DATABASES["default"]["OPTIONS"]["options"] += " -c lock_timeout=60s -c synchronous_commit=off"
    DATABASES["default"]["TEST"] = {"NAME": f"test_youwei_{os.getpid()}"}  # two runs at once do not meet

STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": ["default"]}}

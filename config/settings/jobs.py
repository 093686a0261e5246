"""What the staff process, which asks for documents, and the worker, which makes them, both say."""

from __future__ import annotations

from typing import Final

from procrastinate.app import WorkerOptions

from config import env

# A worker that says nothing for so long is taken for dead, and its job put back.
WORKER_SILENT_SECONDS: Final = env.number("WORKER_SILENT_SECONDS", 15)

# Tasks are imported by name, when a worker starts.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
PROCRASTINATE_IMPORT_PATHS = ["approvals.jobs.tasks"]
PROCRASTINATE_WORKER_DEFAULTS: WorkerOptions = {
    # One document at a time: a font configuration is never shared. For more, start more workers.
    "concurrency": 1,
    # What was made stands in the paper's history; its job is done with.
    "delete_jobs": "successful",
    "update_heartbeat_interval": WORKER_SILENT_SECONDS / 5,
    "stalled_worker_timeout": float(WORKER_SILENT_SECONDS),
    # A document of 8 pages takes less; a longer one is put back and made by the next worker.
    "shutdown_graceful_timeout": 3.0,
}

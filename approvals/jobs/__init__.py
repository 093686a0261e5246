"""Documents made off the request path: asked for here, made by the worker, watched by staff."""

from approvals.jobs.asking import ask_for_document
from approvals.jobs.progress import Progress, Stage, progress_of

__all__ = ["Progress", "Stage", "ask_for_document", "progress_of"]

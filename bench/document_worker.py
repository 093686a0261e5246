"""A process that makes documents for the benchmark, started by it: work N, memory, once N."""

from __future__ import annotations

import sys

import django

django.setup()

from approvals import documents as made
from approvals import sealing
from bench import documents

if __name__ == "__main__":
    match sys.argv[1:]:
        case ["work", count]:
            documents.work(int(count))
        case ["memory"]:
            documents.memory()
        case ["once", paragraphs]:
            sealing.seal(made.render(documents.sized(int(paragraphs))))

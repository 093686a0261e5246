"""make bench: the benchmarks, all of them or those named: make bench ARGS="pages documents".

The figures of one run belong together; those of two runs, or two machines, are not to be compared.
"""

from __future__ import annotations

import os
import sys
import tempfile

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
os.environ.setdefault("COUNTERSIGN_ENV", "development")
os.environ.setdefault("COUNTERSIGN_TEST_DB", "bench_countersign")


def main(wanted: list[str]) -> None:
    """Run the benchmarks of these names, with files of their own that are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="countersign-bench-") as folder:
        os.environ["DATA_DIR"] = folder
        import django

        django.setup()
        from bench import chain, documents, pages, proof, search, walls
        from config.database.acting import acting_as
        from tests.ambient import AMBIENT

        known = {
            "chain": chain.main,
            "pages": pages.main,
            "documents": documents.main,
            "proof": proof.main,
            "search": search.main,
            "walls": walls.main,
        }
        with acting_as(AMBIENT):
            for name in wanted or known:
                known[name]()


if __name__ == "__main__":
    main(sys.argv[1:])

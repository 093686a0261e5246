#!/bin/sh
# Pin what pyproject.toml asks for, with hashes and without the name of any host.
#
#     setup/requirements.sh [--upgrade]
set -eu
cd "$(dirname "$0")/.."
export UV_SYSTEM_CERTS=1 UV_PYTHON_DOWNLOADS=never
pin() {
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate "$@"
}
# shellcheck disable=SC2086  # no option at all when none was given
pin pyproject.toml --output-file requirements.txt ${1:-}
pin pyproject.toml --group dev --constraint requirements.txt --output-file requirements-dev.txt ${1:-}

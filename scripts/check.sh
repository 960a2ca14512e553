#!/usr/bin/env bash
# Runs every check, goes on after a failing one, and ends with what failed: `scripts/check.sh`.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"

failed=()
output=$(mktemp)
trap 'rm -f "$output"' EXIT

check() {
  local name=$1 started=$SECONDS
  shift
  printf '%-34s' "$name"
  if "$@" >"$output" 2>&1 </dev/null; then
    printf 'fine, %d s\n' $((SECONDS - started))
  else
    printf 'FAILED, %d s: %s\n' $((SECONDS - started)) "$*"
    cat "$output"
    failed+=("$name")
  fi
}

check 'Format (ruff)' ruff format --check .
check 'Lint (ruff)' ruff check .
check 'Types (mypy)' mypy
check 'Layers (import-linter)' lint-imports
check 'Template format (djlint)' djlint --check jags/web/templates
check 'Template lint (djlint)' djlint --lint --quiet jags/web/templates
check 'Security (bandit)' bandit --quiet --recursive --configfile pyproject.toml jags config.py wsgi.py
check 'Migrations match the models' jags database check

if ((${#failed[@]})); then
  printf 'These checks failed:'
  printf ' %s;' "${failed[@]}"
  printf '\n'
  exit 1
fi
echo 'Every check is fine.'

#!/usr/bin/env bash
# Brings a fresh machine to where JAGS runs, is tested or is measured: `scripts/setup.sh run|test|bench`.
# Each step leaves a stamp of what it installed, so that a second run has nothing to do.
set -euo pipefail
cd "$(dirname "$0")/.."

purpose=${1:-run}
python=${PYTHON:-python3}
stamps=.venv/stamps

case $purpose in
  run) lock=requirements.lock ;;
  test | bench) lock=requirements-dev.lock ;;
  *)
    echo "Say what the machine is for: scripts/setup.sh run, test or bench." >&2
    exit 2
    ;;
esac

say() { printf '\033[1m%s\033[0m\n' "$*"; }

stop() {
  printf '%s\n' "$@" >&2
  exit 1
}

# What is missing is found by what it does, so that a Python or a browser from elsewhere counts too.
missing=()
need() {
  local package=$1
  shift
  "$@" >/dev/null 2>&1 || missing+=("$package")
}

has_package() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1") == installed ]]; }

has_library() { ldconfig -p | grep --quiet --fixed-strings "$1"; }

has_postgresql() { compgen -G '/usr/lib/postgresql/*/bin/initdb'; }

install_debian_packages() {
  need python3 command -v "$python"
  need python3-venv "$python" -c 'import ensurepip, venv'
  # Reports become PDF by Pango and HarfBuzz; they and the browser draw with this font.
  need libpango-1.0-0 has_library libpango-1.0.so.0
  need libpangoft2-1.0-0 has_library libpangoft2-1.0.so.0
  need libharfbuzz0b has_library libharfbuzz.so.0
  need libharfbuzz-subset0 has_library libharfbuzz-subset.so.0
  need fonts-liberation has_package fonts-liberation
  if [[ $purpose != run ]]; then
    need postgresql has_postgresql
    need chromium command -v chromium
    # The browser driver's own Node.js needs libatomic1.
    need libatomic1 has_package libatomic1
    # Word documents and workbooks are opened by LibreOffice, without its windows.
    need libreoffice-writer-nogui has_package libreoffice-writer-nogui
    need libreoffice-calc-nogui has_package libreoffice-calc-nogui
  fi
  if [[ $purpose == bench ]]; then
    need wrk command -v wrk
  fi
  ((${#missing[@]})) || return 0

  local as_root=()
  if ((EUID != 0)); then
    as_root=(sudo -n)
  fi
  if ! command -v apt-get >/dev/null; then
    stop "This machine has no apt. Please install what these Debian packages hold, then run this again:" \
      "  ${missing[*]}"
  fi
  if ((EUID != 0)) && ! sudo -n true 2>/dev/null; then
    stop "Some Debian packages are missing. Please run this line as root, then this command again:" \
      "  apt-get update && apt-get install --yes --no-install-recommends ${missing[*]}"
  fi
  say "Debian packages: installing ${missing[*]}, which can take a minute or two"
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get --quiet=2
    -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0) output
  "${apt[@]}" update </dev/null || echo "The package lists could not be renewed; trying with those at hand." >&2
  output=$("${apt[@]}" install --yes --no-install-recommends "${missing[@]}" </dev/null 2>&1) ||
    stop "$output" "The Debian packages could not be installed; apt's own words stand above."
}

check_python() {
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    stop "JAGS needs Python 3.11 or newer; $python is $("$python" --version 2>&1)." \
      "Name a newer one, for example: make setup PYTHON=python3.12"
}

digest() { sha256sum -- "$@" | sha256sum; }

stamped() { [[ -f $stamps/$1 && $(<"$stamps/$1") == "$2" ]]; }

stamp() {
  mkdir -p "$stamps"
  printf '%s\n' "$2" >"$stamps/$1"
}

install_python_packages() {
  local locks=(requirements-build.lock requirements.lock) wanted
  if [[ $lock != requirements.lock ]]; then
    locks+=("$lock")
  fi
  # The test set holds the run set, so either stamp will do for running.
  wanted=$(digest "${locks[@]}" pyproject.toml)
  if .venv/bin/python -c '' 2>/dev/null && stamped "$lock" "$wanted" && [[ -x .venv/bin/jags ]]; then
    return 0
  fi
  if [[ -e .venv && ! -w .venv ]]; then
    stop "The folder .venv belongs to somebody else. Please remove it as that user, then run this again."
  fi
  if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    check_python
    say "Python: making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
  fi
  local pip=(.venv/bin/python -m pip --disable-pip-version-check --no-input install --quiet --quiet)
  say "Python: installing the packages of $lock"
  # The lock names every package, so nothing is left to resolve: with an extra, older pips would look for a newer release.
  "${pip[@]}" --no-deps --require-hashes -r requirements-build.lock -r "$lock"
  # The locked setuptools builds the project, so that nothing unlocked is fetched.
  "${pip[@]}" --no-deps --no-build-isolation --editable .
  .venv/bin/python -m pip --disable-pip-version-check check >/dev/null ||
    stop "The lock files do not hold everything that pyproject.toml asks for. Please run: make lock"
  stamp "$lock" "$wanted"
  stamp requirements.lock "$(digest requirements-build.lock requirements.lock pyproject.toml)"
}

has_node() {
  command -v npm >/dev/null && command -v node >/dev/null &&
    node -e 'process.exit(parseInt(process.versions.node, 10) >= 18 ? 0 : 1)' 2>/dev/null
}

provide_node() {
  has_node && return 0
  # Python's own package index carries Node.js, so no other download is ever needed.
  export PATH="$PWD/.venv/node/bin:$PATH"
  has_node && return 0
  say "Assets: this machine has no Node.js 18 with npm; installing a locked one under .venv/node"
  .venv/bin/python -m venv --clear .venv/node
  .venv/node/bin/python -m pip --disable-pip-version-check --no-input install --quiet --quiet \
    --no-deps --require-hashes -r requirements-node.lock
  has_node || stop "Node.js could not be installed. Please install Debian's nodejs and npm, then run this again."
}

build_assets() {
  local sources wanted packages
  mapfile -d '' sources < <(find assets -name node_modules -prune -o -type f -print0 | LC_ALL=C sort -z)
  wanted=$(digest "${sources[@]}")
  if stamped assets "$wanted" && compgen -G 'jags/web/static/dist/*' >/dev/null; then
    return 0
  fi
  provide_node
  packages=$(digest assets/package.json assets/package-lock.json)
  if ! stamped node_modules "$packages" || [[ ! -d assets/node_modules ]]; then
    say "Assets: installing their packages"
    (cd assets && npm ci --no-audit --no-fund --no-update-notifier --loglevel=error </dev/null)
    stamp node_modules "$packages"
  fi
  say "Assets: building"
  (cd assets && npm run --silent build </dev/null)
  stamp assets "$wanted"
}

install_debian_packages
install_python_packages
build_assets

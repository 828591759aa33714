#!/usr/bin/env bash
# Which programs beside Python do the tests run, and how do they get here?
set -euo pipefail

# program:package, and the tests that run it
needed=(
  chromium:chromium # tests/browser: the pages as people see them
  nginx:nginx-light # tests/gateways: real gateways, whose own logs are imported
  apache2:apache2   # the same
  haproxy:haproxy   # the same
  caddy:caddy       # the same
)

# Debian keeps servers out of the path of those who are not root
PATH="$PATH:/usr/sbin:/sbin"
missing=()
for each in "${needed[@]}"; do
  command -v "${each%%:*}" >/dev/null || missing+=("${each#*:}")
done
[ "${#missing[@]}" -gt 0 ] || exit 0

become=""
if [ "$(id -u)" -ne 0 ]; then
  if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    become="sudo"
  else
    echo "The tests need these system packages: ${missing[*]}. Install them, for example: sudo apt-get install ${missing[*]}" >&2
    exit 1
  fi
fi
if ! command -v apt-get >/dev/null; then
  echo "The tests need ${missing[*]}, and apt-get is not here to install them. Install them with the system's own package manager." >&2
  exit 1
fi
echo "Installing for the tests: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
$become apt-get update -qq </dev/null
$become apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null

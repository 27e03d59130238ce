#!/usr/bin/env bash
# Debian's Chromium, for the browser tests: bash scripts/install-chromium.sh. Does nothing when it is there.
set -euo pipefail
if [ -x "${CHROMIUM_PATH:-/usr/bin/chromium}" ]; then exit 0; fi
apt-get update
DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends chromium fonts-dejavu-core

# What the scripts of config/deb/ share.
# shellcheck shell=bash
fail() { echo "deb: $*" >&2; exit 1; }

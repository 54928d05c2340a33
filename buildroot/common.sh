# What the scripts of buildroot/ share: where things lie, and how a list is read.
# shellcheck shell=bash disable=SC2034  # the variables are used by the scripts that read this file
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cache="${BOOTCONSOLE_BUILDROOT_CACHE:-$here/../artifacts/buildroot}"
mkdir -p "$cache"
cache="$(cd "$cache" && pwd)"
debs="$cache/debs"          # packages as downloaded
trees="$cache/trees"        # each package unpacked, NAME_VERSION
merged="$cache/merged"      # all packages of the list in one tree
root="$cache/root"          # what becomes base.img
state="$cache/packages.tsv" # name, version, SHA-256 of each package
out="$here/out"
export LC_ALL=C
umask 022

# The entries of a list without comments and empty lines; none when there is no such list (firmware.local).
entries() { if [ -f "$here/$1" ]; then sed -E 's/[[:space:]]*#.*//; s/[[:space:]]+/ /g; /^ ?$/d' "$here/$1"; fi; }
fail() { echo "buildroot: $*" >&2; exit 1; }

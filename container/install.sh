#!/bin/sh
# Installs vpc-probe from a release: takes the binary for this machine's architecture, compares it with the release's
# SHA256SUMS, and puts it into a directory. Nothing else is installed or changed.
#
#   install.sh [--from URL] [--to DIRECTORY]     URL of the release's files; DIRECTORY: else /usr/local/bin
set -eu

from=
to=/usr/local/bin

fail() { echo "install.sh: $1" >&2; exit "${2:-1}"; }

get() {
  if command -v curl >/dev/null; then
    curl --fail --silent --show-error --location --max-time 300 --output "$2" "$1"
  else
    wget --quiet --timeout=60 --output-document="$2" "$1"
  fi
}

# Called by the last line: a download that was cut runs nothing.
main() {
  while [ $# -gt 0 ]; do
    case $1 in
      --from | --to)
        [ $# -ge 2 ] || fail "$1 needs a value" 2
        if [ "$1" = --from ]; then from=$2; else to=$2; fi
        shift 2 ;;
      *) fail "no option '$1'; there are: --from URL, --to DIRECTORY" 2 ;;
    esac
  done
  [ -n "$from" ] || fail "no release is named: --from URL" 2
  case $from in
    https://* | http://127.0.0.1:*) ;;
    *) fail "'$from' is not https: whoever stands between could change binary and checksum alike" 2 ;;
  esac
  [ -d "$to" ] || fail "no directory '$to'; make it, or name another: --to DIRECTORY" 2
  [ -w "$to" ] || fail "'$to' is not writable; run as root, or name another: --to DIRECTORY" 2

  case $(uname -s)/$(uname -m) in
    Linux/x86_64) name=vpc-probe-linux-amd64 ;;
    Linux/aarch64) name=vpc-probe-linux-arm64 ;;
    *) fail "no binary for $(uname -s) on $(uname -m); there are: Linux on x86_64 and aarch64" ;;
  esac

  work=$(mktemp -d "$to/.vpc-probe.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  trap 'exit 1' HUP INT TERM
  for file in "$name" SHA256SUMS; do
    get "$from/$file" "$work/$file" || fail "cannot download $from/$file"
  done
  (cd "$work" && grep " $name\$" SHA256SUMS >wanted) || fail "SHA256SUMS names no $name"
  (cd "$work" && sha256sum --check --status wanted) || fail "$name is not what SHA256SUMS says; nothing is installed"
  chmod 755 "$work/$name"
  mv -f "$work/$name" "$to/vpc-probe"
  echo "$to/vpc-probe: $("$to/vpc-probe" --version | head -n 1)"
}

main "$@"

#!/bin/sh
# Starts the server as the redis image does: nothing, flags or a configuration file mean
# `redis-server` with them, root becomes the user `shoal`, other commands run as they are.
set -eu

case "${1-}" in
    "" | -* | *.conf | *.yaml | *.yml) set -- redis-server "$@" ;;
esac

case "${1-}" in
    redis-server | shoal) ;;
    *) exec "$@" ;;
esac

if [ "$(id -u)" = 0 ]; then
    # A mounted folder may belong to anybody; one on a read-only mount is left as it is.
    find . ! -user shoal -exec chown shoal:shoal {} + || true
    exec setpriv --reuid shoal --regid shoal --clear-groups "$0" "$@"
fi

server="$1"
shift
case "${1-}" in
    "" | --*) set -- "" "$@" ;;
esac
file="$1"
shift

# Only the container's own loopback would be let in otherwise. A file that speaks of it decides,
# and so do the options that follow.
if [ -z "$file" ]; then
    exec "$server" --protected-mode no "$@"
elif [ -f "$file" ] && grep -Eiq '^[[:space:]]*protected-mode' "$file"; then
    exec "$server" "$file" "$@"
else
    exec "$server" "$file" --protected-mode no "$@"
fi

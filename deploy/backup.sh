#!/bin/sh
# One backup: the database first and the files after it, so that no file is missing that the database
# names. For a timer; see countersign-backup.timer. Ends with another number than 0 when anything failed,
# and then leaves no folder that looks like a backup.
#
#   DATABASE_URL          the owner's login
#   DATA_DIR              where the files are, unless they are in buckets
#   COUNTERSIGN_BACKUPS   the folder of all backups, on another disk than the database's
#   PYTHON                the Python of the service; python3 without it
set -eu

: "${DATABASE_URL:?is the login of the owner}"
: "${COUNTERSIGN_BACKUPS:?is the folder of all backups}"
umask 077
cd "$(dirname "$0")/.."

name="$(date -u +%Y-%m-%dT%H%M%SZ)"
draft="$COUNTERSIGN_BACKUPS/.$name"
trap 'rm -rf "$draft"' EXIT
mkdir -p "$COUNTERSIGN_BACKUPS"

"${PYTHON:-python3}" manage.py backup "$draft" --settings config.settings.owner
if [ -d "${DATA_DIR:-}/files" ]; then
  mkdir "$draft/files"
  (cd "$DATA_DIR/files" && tar -cf - .) | (cd "$draft/files" && tar -xf -)
fi
sync
mv "$draft" "$COUNTERSIGN_BACKUPS/$name"
echo "Kept as $COUNTERSIGN_BACKUPS/$name."

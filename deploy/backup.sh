#!/bin/sh
# One backup of the database and of the files of all stores. For a timer; see countersign-backup.timer.
# Ends with another number than 0 when anything failed, and then leaves no folder that looks like a
# backup; where files are missing, one with all others that is named so.
#
#   DATABASE_URL          the owner's login
#   DATA_DIR, STORE_…     where the files are, as for the staff process
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

if ! "${PYTHON:-python3}" manage.py backup "$draft" --settings config.settings.owner; then
  [ ! -d "$draft.incomplete" ] || mv "$draft.incomplete" "$COUNTERSIGN_BACKUPS/$name.incomplete"
  exit 1
fi
sync
mv "$draft" "$COUNTERSIGN_BACKUPS/$name"
echo "Kept as $COUNTERSIGN_BACKUPS/$name."

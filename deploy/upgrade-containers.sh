#!/bin/sh
# The next version of the site in containers (compose.yml), once this folder holds it: a backup, the image, the database
# and the static files while the version in service answers, then one instance after the other. `up` alone would stop all
# of it first. Ends at the first step that fails: what was not reached goes on as it was.
set -eu
cd "$(dirname "$0")"
compose() { ${MARA_COMPOSE:-docker compose} -f compose.yml "$@"; }
say() { printf '\n— %s\n' "$*"; }

say "Sauvegarde avant de changer la base"
compose run --rm backup
say "Nouvelle version"
compose build
say "Base de données et fichiers : mis à jour (la version en service continue de répondre)"
compose run --rm prepare
for instance in web1 web2; do
    say "Serveur d'application $instance"
    compose up -d --no-deps --wait "$instance"
done
say "Serveur frontal, horloge, travailleur, sauvegardes"
compose exec -T front /bin/sh /etc/mara-nginx/container.sh reload
compose up -d front
compose up -d --no-deps clock worker nights

#!/bin/sh
# One Debian 12 server, from nothing to the site, or from one version to the next: safe to run again.
#
#   sudo deploy/install.sh mara.example.org       the first time, with the name of the national site
#   sudo deploy/install.sh                        afterwards, from the folder of the new version
#
# What it makes: packages; the user "mara"; a PostgreSQL database; /opt/mara/releases/…, each with its own components;
# /etc/mara/mara.env with the variables; two application servers, a clock, a worker, a nightly backup; nginx in front.
# What it never does: overwrite a variable, a secret or a certificate, or erase data.
set -eu

SOURCE=$(cd "$(dirname "$0")/.." && pwd)
HOME_DIR=/opt/mara
DATA=/var/lib/mara
ENV_FILE=/etc/mara/mara.env
NGINX=/etc/nginx/mara
KEPT_RELEASES=3
DEPLOY=$SOURCE/deploy

say() { echo; echo "== $*"; }
fail() { echo "$*" >&2; exit 1; }
has_systemd() { [ -d /run/systemd/system ]; }
as_mara() { # run with the variables of the site, as its user, in the folder of a release
    folder=$1; shift
    runuser -u mara -- /bin/sh -c 'set -a; . "$0"; set +a; cd "$1"; shift; HOME=/var/lib/mara exec "$@"' \
        "$ENV_FILE" "$folder" "$@"
}
as_postgres() { (cd / && runuser -u postgres -- "$@"); }

[ "$(id -u)" = 0 ] || fail "À lancer avec sudo."
. /etc/os-release
[ "${ID:-}" = debian ] || fail "Ce script est fait pour Debian ; ailleurs, voir docs/hosting.md (conteneurs)."
NAME=${1:-}
if [ -z "$NAME" ]; then
    [ -f "$ENV_FILE" ] || fail "La première fois, donnez le nom du site national : sudo deploy/install.sh mara.exemple.org"
    NAME=$(sed -n 's/^MARA_NATIONAL_HOST=//p' "$ENV_FILE" | tr -d "\"'")
fi
echo "$NAME" | grep -Eq '^[a-z0-9-]+(\.[a-z0-9-]+)+$' || fail "« $NAME » n'est pas un nom de site, par exemple mara.exemple.org."

say "Paquets"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends ca-certificates curl git make openssl rsync cron- logrotate python3 python3-venv \
    postgresql postgresql-client nginx-light restic certbot libpango-1.0-0 libpangoft2-1.0-0 fonts-dejavu-core > /dev/null

say "Utilisateur et dossiers"
id mara > /dev/null 2>&1 || useradd --system --home-dir "$DATA" --shell /usr/sbin/nologin mara
install -d -o root -g root -m 0755 "$HOME_DIR" "$HOME_DIR/releases" "$NGINX" "$NGINX/names.d" "$NGINX/tls"
install -d -o root -g mara -m 0750 /etc/mara
install -d -o mara -g mara -m 0755 "$DATA" "$DATA/media" "$DATA/static" "$DATA/tls"
install -d -o mara -g mara -m 0700 "$DATA/search" "$DATA/backups"
install -d -o www-data -g www-data -m 0700 /var/cache/nginx-mara
install -d -m 0755 /var/www/acme

say "Variables"
if [ ! -f "$ENV_FILE" ]; then
    umask 077
    sed -e "s|@HOST@|$NAME|g" \
        -e "s|@SECRET@|$(openssl rand -base64 60 | tr -d '\n/+=')|" \
        -e "s|@BACKUP_PASSWORD@|$(openssl rand -base64 24 | tr -d '\n/+=')|" \
        "$DEPLOY/mara.env.example" > "$ENV_FILE"
    umask 022
    echo "Écrites dans $ENV_FILE : complétez-y le serveur de courriel et le lieu de la copie des sauvegardes."
fi
chown root:mara "$ENV_FILE"
chmod 0640 "$ENV_FILE"

say "Base de données"
if ! has_systemd; then pg_ctlcluster "$(ls /etc/postgresql | tail -1)" main start 2> /dev/null || true; fi
until as_postgres pg_isready -q; do sleep 1; done
as_postgres psql -qtAc "SELECT 1 FROM pg_roles WHERE rolname = 'mara'" | grep -q 1 ||
    as_postgres psql -qc "CREATE ROLE mara LOGIN CREATEDB"
as_postgres psql -qtAc "SELECT 1 FROM pg_database WHERE datname = 'mara'" | grep -q 1 ||
    as_postgres createdb --owner=mara --encoding=UTF8 --template=template0 mara

RELEASE=$HOME_DIR/releases/$(date -u +%Y%m%d-%H%M%S)
say "Version : $RELEASE"
rsync -a --exclude .git --exclude .venv --exclude /var --exclude __pycache__ "$SOURCE/" "$RELEASE/"
python3 -m venv "$RELEASE/.venv"
"$RELEASE/.venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -r "$RELEASE/requirements.txt"
"$RELEASE/.venv/bin/python" -c "import sys; sys.path.insert(0, '$RELEASE'); from mara_site.catalogs import compile_stale; compile_stale()"
# Those who run it may not write there: without this each process would translate the programs anew.
"$RELEASE/.venv/bin/python" -m compileall -q -x '/\.venv/' "$RELEASE"
install -d -o mara -g mara "$RELEASE/var"
manage() { as_mara "$RELEASE" "$RELEASE/.venv/bin/python" manage.py "$@"; }

say "Réglages"
manage check --deploy --fail-level WARNING

if [ -L "$HOME_DIR/current" ]; then
    say "Sauvegarde avant de changer la base"
    as_mara "$HOME_DIR/current" "$HOME_DIR/current/.venv/bin/python" -m mara_site.backup make
fi

say "Base de données : mise à jour (la version en service continue de répondre)"
manage migrate --no-input --verbosity 0
manage createcachetable
manage collectstatic --no-input --verbosity 0
manage provision_network > /dev/null

say "Serveur frontal"
if [ ! -f "$NGINX/tls/fullchain.pem" ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj "/CN=$NAME" \
        -addext "subjectAltName=DNS:$NAME,DNS:*.$NAME" \
        -keyout "$NGINX/tls/privkey.pem" -out "$NGINX/tls/fullchain.pem" 2> /dev/null
    install -o mara -g mara -m 0644 "$NGINX/tls/fullchain.pem" "$DATA/tls/mara.pem"
    echo "Certificat provisoire : « sudo $DEPLOY/certificate.sh » en demande un vrai."
fi
[ -f "$NGINX/upstream.conf" ] || cp "$DEPLOY/nginx/upstream.conf" "$NGINX/upstream.conf"
sed -e "s|@HOST@|$NAME|g" -e "s|@ETC@|$NGINX|g" -e "s|@CACHE@|/var/cache/nginx-mara|g" -e "s|@LOG@|/var/log/nginx|g" \
    -e "s|@STATIC@|$DATA/static|g" -e "s|@MEDIA_PARENT@|$DATA|g" -e "s|@ACME@|/var/www/acme|g" \
    -e "s|@HTTPS@|443|g" -e "s|@HTTP@|80|g" "$DEPLOY/nginx/mara.conf" > /etc/nginx/sites-available/mara
ln -sfn /etc/nginx/sites-available/mara /etc/nginx/sites-enabled/mara
rm -f /etc/nginx/sites-enabled/default
nginx -t -q
install -m 0644 "$DEPLOY/logrotate" /etc/logrotate.d/mara

say "Services"
install -m 0644 "$DEPLOY"/systemd/* /etc/systemd/system/
install -d /etc/systemd/journald.conf.d
install -m 0644 "$DEPLOY/journald.conf" /etc/systemd/journald.conf.d/mara.conf
FIRST=yes; [ ! -L "$HOME_DIR/current" ] || FIRST=no
ln -sfn "$RELEASE" "$HOME_DIR/current.new"
mv -T "$HOME_DIR/current.new" "$HOME_DIR/current"
if has_systemd; then
    systemctl daemon-reload
    systemctl enable --quiet --now nginx postgresql mara.target mara-backup.timer mara-drill.timer
    systemctl reload nginx
    [ "$FIRST" = yes ] || "$DEPLOY/rolling-restart.sh"
    systemctl restart mara-clock mara-worker
else
    echo "systemd ne tourne pas ici : lancez $HOME_DIR/current/deploy/bin/web, bin/clock et bin/worker à votre façon."
fi
[ "$FIRST" = no ] || as_mara "$RELEASE" "$RELEASE/.venv/bin/python" -m mara_site.backup make

# The releases before the last ones; what is in service and what it replaced stay.
ls -1d "$HOME_DIR"/releases/* | head -n -"$KEPT_RELEASES" | while read -r old; do rm -rf "$old"; done

say "Fini : https://$NAME/"
if [ "$FIRST" = yes ]; then
    cat <<END
Il reste :
  1. un vrai certificat :        sudo $HOME_DIR/current/deploy/certificate.sh
  2. le premier administrateur : sudo $HOME_DIR/current/deploy/manage createsuperuser
  3. dans $ENV_FILE : MARA_EMAIL_URL et MARA_BACKUP_COPY, puis relancer ce script ;
     recopiez sur papier MARA_BACKUP_PASSWORD : sans lui, la copie ailleurs est perdue.
END
fi

#!/bin/sh
# HTTPS certificates by Let's Encrypt, renewed by certbot's own timer.
#
#   sudo deploy/certificate.sh                    one certificate for every name that the site knows (90 at most)
#   sudo deploy/certificate.sh --dns ovh FILE     one for the national name and all below it, by the host of the DNS:
#                                                 needs the package python3-certbot-dns-ovh (or -gandi, -rfc2136…)
#                                                 and a file of credentials, as that package documents
#   sudo deploy/certificate.sh --name NAME        also answer to a groupement's own domain, then ask again
set -eu

NGINX=/etc/nginx/mara
DATA=/var/lib/mara
HERE=$(cd "$(dirname "$0")" && pwd)
fail() { echo "$*" >&2; exit 1; }

[ "$(id -u)" = 0 ] || fail "À lancer avec sudo."
NAME=$(sed -n 's/^MARA_NATIONAL_HOST=//p' /etc/mara/mara.env | tr -d "\"'")

# Called by certbot after each renewal.
HOOK=/etc/letsencrypt/renewal-hooks/deploy/mara
install -d "$(dirname "$HOOK")"
cat > "$HOOK" <<END
#!/bin/sh
set -eu
install -m 0644 /etc/letsencrypt/live/mara/fullchain.pem $NGINX/tls/fullchain.pem
install -m 0600 /etc/letsencrypt/live/mara/privkey.pem $NGINX/tls/privkey.pem
install -o mara -g mara -m 0644 /etc/letsencrypt/live/mara/fullchain.pem $DATA/tls/mara.pem
nginx -t -q && nginx -s reload
END
chmod 0755 "$HOOK"

if [ "${1:-}" = --name ]; then
    echo "$2" | grep -Eq '^[a-z0-9-]+(\.[a-z0-9-]+)+$' || fail "« $2 » n'est pas un nom de site."
    echo "server_name $2;" > "$NGINX/names.d/$2.conf"
    nginx -t -q
    nginx -s reload
    shift 2
fi

set -- "${1:-}" "${2:-}" "${3:-}"
if [ "$1" = --dns ]; then
    certbot certonly --non-interactive --agree-tos --register-unsafely-without-email --cert-name mara \
        "--dns-$2" "--dns-$2-credentials" "$3" -d "$NAME" -d "*.$NAME"
else
    names=$("$HERE/manage" site_names)
    [ "$(echo "$names" | wc -l)" -le 90 ] || fail "Plus de 90 noms : prenez un certificat pour tous (--dns)."
    arguments=
    for one in $names; do arguments="$arguments -d $one"; done
    # shellcheck disable=SC2086
    certbot certonly --non-interactive --agree-tos --register-unsafely-without-email --cert-name mara --expand \
        --webroot --webroot-path /var/www/acme $arguments
fi
"$HOOK"
echo "Certificat en place."

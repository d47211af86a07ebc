#!/bin/sh
# The front server's configuration, in a container: the one of the server, with the names of the containers. Then the front
# server itself, or with `reload` the one that runs here takes it.
set -eu
ETC=/etc/nginx/mara
mkdir -p "$ETC/names.d" /var/www/acme

# The instances, by their addresses. One made again comes back by another, and nginx asks for a name when it starts only.
# Whoever has none now keeps the last one; who never had any is not there, and is no reason not to start.
listed() {
    for name in web1 web2; do
        address=$(getent ahostsv4 "$name" | sed -n '1s/ .*//p')
        if [ -n "$address" ]; then echo "$address" > "$ETC/$name"; fi
        [ -f "$ETC/$name" ] || echo 127.0.0.1 > "$ETC/$name"
    done
    sed -e "s/127.0.0.1:8001/$(cat "$ETC/web1"):8000/" -e "s/127.0.0.1:8002/$(cat "$ETC/web2"):8000/" \
        /etc/mara-nginx/upstream.conf > "$ETC/upstream.conf.new"
    ! cmp -s "$ETC/upstream.conf.new" "$ETC/upstream.conf" || return 1
    mv "$ETC/upstream.conf.new" "$ETC/upstream.conf"
}
listed || true

sed -e "s|@HOST@|$MARA_NATIONAL_HOST|g" -e "s|@ETC@|$ETC|g" -e "s|@CACHE@|/var/cache/nginx-mara|g" \
    -e "s|@LOG@|/var/log/nginx|g" -e "s|@STATIC@|/var/lib/mara/static|g" -e "s|@MEDIA_PARENT@|/var/lib/mara/files|g" \
    -e "s|@ACME@|/var/www/acme|g" -e "s|@HTTPS@|443|g" -e "s|@HTTP@|80|g" /etc/mara-nginx/mara.conf > /etc/nginx/conf.d/default.conf
# Its journals are those of the container, which are rotated; files inside it would grow for ever.
ln -sf /dev/stdout /var/log/nginx/mara.access.log
ln -sf /dev/stderr /var/log/nginx/mara.error.log
if [ "${1:-}" = reload ]; then
    nginx -t -q
    exec nginx -s reload
fi
while sleep 1; do if listed; then nginx -s reload; fi; done &
exec nginx -g "daemon off;"

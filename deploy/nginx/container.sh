#!/bin/sh
# The front server's configuration, in a container: the one of the server, with the names of the containers.
set -eu
mkdir -p /etc/nginx/mara/names.d /var/www/acme
sed -e 's/127.0.0.1:8001/web1:8000/' -e 's/127.0.0.1:8002/web2:8000/' /etc/mara-nginx/upstream.conf > /etc/nginx/mara/upstream.conf
sed -e "s|@HOST@|$MARA_NATIONAL_HOST|g" -e "s|@ETC@|/etc/nginx/mara|g" -e "s|@CACHE@|/var/cache/nginx-mara|g" \
    -e "s|@LOG@|/var/log/nginx|g" -e "s|@STATIC@|/var/lib/mara/static|g" -e "s|@MEDIA_PARENT@|/var/lib/mara|g" \
    -e "s|@ACME@|/var/www/acme|g" -e "s|@HTTPS@|443|g" -e "s|@HTTP@|80|g" /etc/mara-nginx/mara.conf > /etc/nginx/conf.d/default.conf
# Its journals are those of the container, which are rotated; files inside it would grow for ever.
ln -sf /dev/stdout /var/log/nginx/mara.access.log
ln -sf /dev/stderr /var/log/nginx/mara.error.log
exec nginx -g "daemon off;"

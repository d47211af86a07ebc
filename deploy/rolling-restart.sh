#!/bin/sh
# Restart the two application servers one after the other, each out of the front server's list meanwhile:
# no request fails. Stops at the first that does not come back: the other one goes on serving.
set -eu

ETC=${MARA_ETC:-/etc/nginx/mara}
PORTS=${MARA_PORTS:-8001 8002}
RESTART=${MARA_RESTART:-systemctl restart mara-web@}   # followed by the port
RELOAD=${MARA_RELOAD:-nginx -s reload}
DRAIN=${MARA_DRAIN:-3}                                 # seconds for what is being answered
PATIENCE=${MARA_PATIENCE:-90}                          # seconds for an instance to come back

list() { # the servers, as in nginx/upstream.conf, one of them out ("" for none): asked only if the other fails
    {
        echo "upstream mara {"
        for each in $PORTS; do
            if [ "$each" != "$1" ]; then echo "    server 127.0.0.1:$each max_fails=1 fail_timeout=1s;"; fi
        done
        for each in $PORTS $PORTS $PORTS; do echo "    server 127.0.0.1:$each max_fails=0 backup;"; done
        echo "}"
    } > "$ETC/upstream.conf.new"
    mv "$ETC/upstream.conf.new" "$ETC/upstream.conf"
    $RELOAD
}

answers() {
    curl --silent --fail --max-time 5 --output /dev/null "http://127.0.0.1:$1/sante/"
}

for port in $PORTS; do
    list "$port"
    sleep "$DRAIN"
    $RESTART"$port"
    waited=0
    until answers "$port"; do
        waited=$((waited + 1))
        if [ "$waited" -ge "$PATIENCE" ]; then
            echo "Le serveur d'application du port $port ne revient pas : journalctl -u mara-web@$port" >&2
            echo "Les autres continuent de servir. Une fois réparé, relancez cette commande." >&2
            exit 1
        fi
        sleep 1
    done
    echo "ok     serveur d'application $port"
done
list ""

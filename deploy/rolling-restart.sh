#!/bin/sh
# Restart the two application servers one after the other, each out of the front server's list meanwhile:
# no request fails. Stops at the first that does not come back: the other one goes on serving.
# Those of other machines (MARA_OTHER_INSTANCES) stay in the list all along, and are restarted by their own machine.
set -eu

variable() { # of the site, as its services read it
    sed -n "s/^$1=//p" "${MARA_ENV_FILE:-/etc/mara/mara.env}" 2> /dev/null | tail -n 1 | tr -d "\"' "
}

HERE=${MARA_LISTEN:-$(variable MARA_LISTEN)}
if [ "${HERE:-0.0.0.0}" = 0.0.0.0 ]; then HERE=127.0.0.1; fi
OTHERS=$(echo "${MARA_OTHER_INSTANCES:-$(variable MARA_OTHER_INSTANCES)}" | tr ',' ' ')
ETC=${MARA_ETC:-/etc/nginx/mara}
PORTS=${MARA_PORTS:-8001 8002}
RESTART=${MARA_RESTART:-systemctl restart mara-web@}   # followed by the port
RELOAD=${MARA_RELOAD:-nginx -s reload}
DRAIN=${MARA_DRAIN:-3}                                 # seconds for what is being answered
PATIENCE=${MARA_PATIENCE:-90}                          # seconds for an instance to come back
# Where those not restarted yet listen, which is what the list begins with: MARA_LISTEN may have changed since.
BEFORE=$(sed -n 's/^ *server \(.*\):.*/\1/p' "$ETC/upstream.conf" 2> /dev/null | head -n 1)
restarted=

instances() { # ours, without the one of this port ("" for all)
    for each in $PORTS; do
        address=${BEFORE:-$HERE}
        case " $restarted " in *" $each "*) address=$HERE ;; esac
        if [ "$each" != "$1" ]; then echo "$address:$each"; fi
    done
}

list() { # the servers, as in nginx/upstream.conf, one of ours out ("" for none): asked only if the others fail
    all="$(instances "") $OTHERS"
    {
        echo "upstream mara {"
        for each in $(instances "$1") $OTHERS; do echo "    server $each max_fails=1 fail_timeout=1s;"; done
        for each in $all $all $all; do echo "    server $each max_fails=0 backup;"; done
        echo "}"
    } > "$ETC/upstream.conf.new"
    mv "$ETC/upstream.conf.new" "$ETC/upstream.conf"
    $RELOAD
}

answers() {
    curl --silent --fail --max-time 5 --output /dev/null "http://$HERE:$1/sante/"
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
    restarted="$restarted $port"
    echo "ok     serveur d'application $port"
done
list ""

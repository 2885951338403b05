# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Sourced after network.bash: the site that has an outage, with the samples of conf/ and a witness as
# it is shipped, in the server's network namespace. The caller sets $work (an empty directory), $port,
# $kind (nginx or httpd), $witness, and $nginx_module or $apache_module, and ends what is in $pids.
# shellcheck disable=SC2154  # of the caller

samples=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../../conf" && pwd)

make_site() {
  mkdir -p "$work/html" "$work/logs" "$work/tmp"
  echo hello >"$work/html/index.html"
  head -c 60000 /dev/zero >"$work/html/page"
  chmod -R a+rX "$work"
  sed -e "s|/run/connfate|$work|; s|/var/log/connfate|$work/logs|" \
    "$samples/connfate-witness.conf" >"$work/witness.conf"
  ip netns exec "$server" "$witness" --config "$work/witness.conf" --user root >"$work/witness.txt" 2>&1 &
  witness_pid=$!
  pids+=("$witness_pid")
  for _ in $(seq 100); do [ ! -S "$work/witness.sock" ] || return 0; sleep 0.1; done
  echo "the witness does not start: $(cat "$work/witness.txt")" >&2
  return 1
}

# Both samples, with one `connfate on`; /dead has no backend, /slow one that never answers.
start_nginx() {
  sed "s|/run/connfate|$work|" "$samples/nginx-witness.conf" >"$work/sample.conf"
  sed "/^connfate on;/d; s|/var/log/nginx|$work/logs|" "$samples/nginx-combined.conf" >>"$work/sample.conf"
  cat >"$work/nginx.conf" <<END
load_module $nginx_module;
daemon off;
pid $work/nginx.pid;
error_log $work/logs/error.log;
worker_processes 1;
user root;
events {}
http {
  client_body_temp_path $work/tmp/body; proxy_temp_path $work/tmp/proxy;
  fastcgi_temp_path $work/tmp/fastcgi; uwsgi_temp_path $work/tmp/uwsgi; scgi_temp_path $work/tmp/scgi;
  include $work/sample.conf;
  server {
    listen 10.9.0.2:$port;
    root $work/html;
    location /dead { proxy_pass http://127.0.0.1:9; }
    location /slow { proxy_pass http://127.0.0.1:8082; }
  }
}
END
  ip netns exec "$server" nginx -p "$work" -c "$work/nginx.conf" >"$work/start.txt" 2>&1 &
  server_pid=$!
}

start_httpd() {
  local modules=/usr/lib/apache2/modules
  sed "s|/run/connfate|$work|" "$samples/httpd-witness.conf" >"$work/sample.conf"
  cat "$samples/httpd-combined.conf" >>"$work/sample.conf"
  cat >"$work/httpd.conf" <<END
ServerRoot $work
ServerName localhost
PidFile $work/httpd.pid
DefaultRuntimeDir $work/tmp
Listen 10.9.0.2:$port
ErrorLog $work/logs/error.log
DocumentRoot $work/html
LoadModule mpm_event_module $modules/mod_mpm_event.so
LoadModule authz_core_module $modules/mod_authz_core.so
LoadModule proxy_module $modules/mod_proxy.so
LoadModule proxy_http_module $modules/mod_proxy_http.so
LoadModule connfate_module $apache_module
Define APACHE_LOG_DIR $work/logs
ProxyPass /dead http://127.0.0.1:9/
User www-data
Group www-data
Include $work/sample.conf
<VirtualHost *:$port>
  CustomLog $work/logs/site.log "%h %>s"
</VirtualHost>
END
  for name in log_config logio; do  # Debian has the first linked in
    [ ! -e "$modules/mod_$name.so" ] ||
      sed -i "s|^LoadModule proxy_module|LoadModule ${name}_module $modules/mod_$name.so\n&|" \
        "$work/httpd.conf"
  done
  ip netns exec "$server" apache2 -DFOREGROUND -f "$work/httpd.conf" >"$work/start.txt" 2>&1 &
  server_pid=$!
}

start_server() {
  "start_$kind"
  pids+=("$server_pid")
  for _ in $(seq 100); do
    ip netns exec "$client" curl -s -o /dev/null -m 1 "http://10.9.0.2:$port/" && break
    kill -0 "$server_pid" 2>/dev/null || { cat "$work/start.txt" "$work/logs/error.log" >&2; exit 1; }
    sleep 0.1
  done
}

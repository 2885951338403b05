# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Sourced by run: starts nginx and httpd for a bench, one process that serves, on three ports of
# loopback: HTTP/1.1, the same under TLS, and cleartext HTTP/2. Needs $work and the modules' paths;
# fills the arrays port (by name and workload) and pid (by name).
# shellcheck disable=SC2154  # run sets them

declare -A port pid
pids=()

free_port() {  # a port nobody listens on now, below those that clients get (32768 and up)
  local port
  while port=$((20000 + RANDOM % 12000)); do
    if ! ss -Hltn "sport = :$port" | grep -q .; then echo "$port"; return; fi
  done
}

choose_ports() {  # name
  local name=$1
  port[$name,small]=$(free_port)
  port[$name,large]=${port[$name,small]}
  port[$name,page]=${port[$name,small]}
  port[$name,tls]=$(free_port)
  port[$name,h2]=$(free_port)
}

wait_for() {  # name
  for _ in $(seq 400); do
    curl -sf -o /dev/null "http://127.0.0.1:${port[$1,small]}/small.txt" && return
    sleep 0.05
  done
  echo "$1 did not start:" >&2
  cat "$work/$1"/error.log >&2
  exit 1
}

# The log formats, by the name of a variant. The first five fields are the same for everybody.
nginx_format() {  # variant
  local usual="'\$remote_addr [\$time_local] \"\$request\" \$status \$body_bytes_sent'"
  case $1 in
    bundle | witness) echo "log_format bench $usual ' \$connfate_log';" ;;
    json) sed -n '/^log_format/,/;$/p' "$repository/conf/nginx-json.conf" |
      sed 's/connfate_json/bench/' ;;
    tcpinfo) echo "log_format bench $usual ' \$tcpinfo_rtt \$tcpinfo_rttvar \$tcpinfo_snd_cwnd \$tcpinfo_rcv_space';" ;;
    *) echo "log_format bench $usual;" ;;
  esac
}

httpd_format() {  # variant
  local usual='%h %t \"%r\" %>s %b'
  case $1 in
    bundle | witness) echo "LogFormat \"$usual %^CF\" bench" ;;
    json) sed -n '/^SetEnvIf/p; /^LogFormat/,/connfate_json$/p' "$repository/conf/httpd-json.conf" |
      sed 's/connfate_json/bench/' ;;
    *) echo "LogFormat \"$usual\" bench" ;;
  esac
}

is_loaded() { case $1 in off | bundle | json | witness) ;; *) return 1 ;; esac; }
is_on() { case $1 in bundle | json | witness) ;; *) return 1 ;; esac; }

start_nginx() {  # name, variant, words to start it with...
  local name=$1 variant=$2 dir=$work/$1 load='' on=off
  shift 2
  mkdir -p "$dir"
  choose_ports "$name"
  if is_loaded "$variant"; then load="load_module $nginx_module;"; fi
  if is_on "$variant"; then on=on; fi
  cat >"$dir/nginx.conf" <<EOF
$load
worker_processes 1; daemon off; master_process off; user root;
pid $dir/pid; error_log $dir/error.log;
events { worker_connections 512; }
http {
  client_body_temp_path $dir/b; proxy_temp_path $dir/p; fastcgi_temp_path $dir/f;
  scgi_temp_path $dir/s; uwsgi_temp_path $dir/u; keepalive_requests 100000000; sendfile on;
  $(nginx_format "$variant")
  access_log $dir/access.log bench buffer=64k;
  ${load:+connfate $on;}
  $([ "$variant" != witness ] || echo "connfate_witness $dir/witness.sock;")
  server {
    listen 127.0.0.1:${port[$name,small]};
    listen 127.0.0.1:${port[$name,tls]} ssl;
    listen 127.0.0.1:${port[$name,h2]} http2;
    ssl_certificate $work/certificate.pem; ssl_certificate_key $work/key.pem;
    root $work/html;
    location = /page.html { gzip on; types { text/html html; } }
  }
}
EOF
  "$@" nginx -p "$dir" -c "$dir/nginx.conf" 2>>"$dir/output.txt" & pid[$name]=$!
  pids+=("${pid[$name]}")
  wait_for "$name"
}

start_httpd() {  # name, variant, words to start it with...
  local name=$1 variant=$2 dir=$work/$1 load='' on=Off lib=/usr/lib/apache2/modules module
  shift 2
  mkdir -p "$dir"
  choose_ports "$name"
  if is_loaded "$variant"; then load="LoadModule connfate_module $apache_module"; fi
  if is_on "$variant"; then on=On; fi
  {
    for module in mpm_event authz_core setenvif filter deflate ssl http2; do
      echo "LoadModule ${module}_module $lib/mod_$module.so"
    done
    cat <<EOF
$load
ServerRoot $dir
ServerName bench.test
PidFile $dir/pid
ErrorLog $dir/error.log
ServerLimit 1
StartServers 1
ThreadsPerChild 32
MaxRequestWorkers 32
AcceptFilter http none
KeepAlive On
MaxKeepAliveRequests 0
EnableSendfile On
BufferedLogs On
SSLSessionCache none
DocumentRoot $work/html
<Location /page.html>
  SetOutputFilter DEFLATE
</Location>
$(httpd_format "$variant")
CustomLog $dir/access.log bench
${load:+ConnFate $on}
$([ "$variant" != witness ] || echo "ConnFateWitness $dir/witness.sock")
Listen 127.0.0.1:${port[$name,small]}
Listen 127.0.0.1:${port[$name,tls]}
Listen 127.0.0.1:${port[$name,h2]}
<VirtualHost *:${port[$name,tls]}>
  SSLEngine on
  SSLCertificateFile $work/certificate.pem
  SSLCertificateKeyFile $work/key.pem
</VirtualHost>
<VirtualHost *:${port[$name,h2]}>
  Protocols h2c http/1.1
</VirtualHost>
EOF
  } >"$dir/httpd.conf"
  APACHE_RUN_DIR=$dir "$@" apache2 -DFOREGROUND -f "$dir/httpd.conf" 2>>"$dir/output.txt" &
  pid[$name]=$!
  pids+=("${pid[$name]}")
  wait_for "$name"
}

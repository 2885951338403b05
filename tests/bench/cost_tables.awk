# SPDX-License-Identifier: Apache-2.0
# Makes the tables of docs/cost.md of two files: figures ("server workload round variant req/s
# cpu_us p50_us p99_us beside_us" a line, beside_us being the CPU of the process beside the server)
# and instructions ("server variant instructions").
# A ratio is to the stock server in the same round: median, and in brackets the least and the most. It
# is printed bold where every round lies on the same side of 1: by chance, one in 32 of six rounds.

function sorted(a, n,   i, j, t) {
  for (i = 2; i <= n; i++)
    for (j = i; j > 1 && a[j] < a[j-1]; j--) { t = a[j]; a[j] = a[j-1]; a[j-1] = t }
}
function middle(a, n) { return n % 2 ? a[(n + 1) / 2] : (a[n / 2] + a[n / 2 + 1]) / 2 }

# Ratios of a figure to stock, round by round; sets low, mid, high.
function ratios(key, column,   i, n, r) {
  n = 0
  for (i = 1; i <= rounds[server, workload]; i++)
    if (value[server, workload, i, "stock", column] > 0)
      r[++n] = value[server, workload, i, key, column] / value[server, workload, i, "stock", column]
  sorted(r, n)
  low = r[1]; mid = middle(r, n); high = r[n]
}
function ratio_text(key, column) {
  if (key == "stock") return "1"
  ratios(key, column)
  text = sprintf("%.3f (%.3f..%.3f)", mid, low, high)
  return (low > 1 || high < 1) ? "**" text "**" : text
}
function median_of(key, column,   i, n, a) {
  n = 0
  for (i = 1; i <= rounds[server, workload]; i++) a[++n] = value[server, workload, i, key, column]
  sorted(a, n)
  return middle(a, n)
}
# CPU us per request more than the stock server's.
function added(key,   i, n, a) {
  n = 0
  for (i = 1; i <= rounds[server, workload]; i++)
    a[++n] = value[server, workload, i, key, 2] - value[server, workload, i, "stock", 2]
  sorted(a, n)
  return middle(a, n)
}
# "-" where callgrind saw nothing of the process that served: a figure below that is none.
function counted(server, name,   own, more) {
  own = instructions[server, name]; more = own - instructions[server, "stock"]
  return own < 1000 ? "- | - |" : sprintf("%d | %d |", own, more)
}
function goal(text, met, figure) { printf "| %s | %s | %s |\n", text, figure, met ? "met" : "MISSED" }

NF == 9 {
  for (c = 1; c <= 5; c++) value[$1, $2, $3, $4, c] = $(4 + c)
  if ($3 > rounds[$1, $2]) rounds[$1, $2] = $3
}
NF == 3 { instructions[$1, $2] = $3 }

END {
  said["stock"] = "stock server"; said["again"] = "stock server, once more"; said["off"] = "loaded, off"; said["bundle"] = "on, the bundle"
  said["json"] = "on, JSON fields"; said["witness"] = "on, the bundle, and a witness"
  said["tcpinfo"] = "stock, four `$tcpinfo_*`"; said["tcpdump"] = "stock, tcpdump beside it"
  said["bpftrace"] = "stock, bpftrace beside it"
  title["small"] = "200 bytes, keepalive"; title["page"] = "a page of 20 kB, compressed"
  title["large"] = "1 MB, sendfile"
  title["tls"] = "200 bytes, TLS, keepalive"; title["h2"] = "200 bytes, HTTP/2"
  n = split("stock again off bundle json witness tcpdump bpftrace tcpinfo", names, " ")
  split("nginx httpd", servers, " "); split("small page large tls h2", workloads, " ")

  print "## The goals\n\n| goal | measured | |\n|---|---|---|"
  for (s = 1; s <= 2; s++) {
    server = servers[s]; workload = "small"
    ratios("off", 1)
    figure = sprintf("req/s %.3f (%.3f..%.3f)", mid, low, high); off_high = high
    ratios("again", 1)
    goal(server ": off costs nothing that can be measured", off_high >= 1, figure sprintf("; the stock server once more: %.3f (%.3f..%.3f)", mid, low, high))
    for (w = 1; w <= 2; w++) {
      workload = w == 1 ? "small" : "page"
      ratios("bundle", 1); goal(server ", " title[workload] ": the bundle costs at most 3 % of req/s", mid >= 0.97, sprintf("%.3f (%.3f..%.3f)", mid, low, high))
      ratios("witness", 1); goal(server ", " title[workload] ": with a witness at most 5 % of req/s", mid >= 0.95, sprintf("%.3f (%.3f..%.3f)", mid, low, high))
    }
  }
  server = "nginx"; workload = "small"
  for (i = 1; i <= rounds[server, workload]; i++)
    cheaper += value[server, workload, i, "bundle", 2] < value[server, workload, i, "tcpinfo", 2]
  goal("nginx: the bundle costs less CPU than four `$tcpinfo_*`", median_of("bundle", 2) < median_of("tcpinfo", 2), sprintf("%.2f and %.2f us per request; less in %d of %d rounds", median_of("bundle", 2), median_of("tcpinfo", 2), cheaper, rounds[server, workload]))
  print "\n## What it adds to a request\n"
  print "200 bytes, keepalive; CPU us per request, median of the differences in a round. What is added does not depend on"
  print "the work that the server does for a request: beside it stands how much work makes it 3 or 5 % of the whole.\n"
  print "| | stock server | the bundle adds | 3 % of a request of | bundle and witness add | of it the witness itself | 5 % of a request of |\n|---|---|---|---|---|---|---|"
  for (s = 1; s <= 2; s++) {
    server = servers[s]; workload = "small"; itself = median_of("witness", 5)
    bundle = added("bundle"); both = added("witness") + itself
    printf "| %s | %.1f | %.1f | %.0f us | %.1f | %.1f | %.0f us |\n", server, median_of("stock", 2), bundle, bundle / 0.03, both, itself, both / 0.05
  }

  for (s = 1; s <= 2; s++) for (w = 1; w <= 5; w++) {
    server = servers[s]; workload = workloads[w]
    printf "\n## %s, %s\n\n", server, title[workload]
    print "| | req/s | ratio | CPU us/request | ratio | beside it | p50 us | p99 us |\n|---|---|---|---|---|---|---|---|"
    for (v = 1; v <= n; v++) {
      if (!((server, workload, 1, names[v], 1) in value)) continue  # not measured here
      beside = median_of(names[v], 5)
      printf "| %s | %.0f | %s | %.2f | %s | %s | %.0f | %.0f |\n", said[names[v]], median_of(names[v], 1), \
        ratio_text(names[v], 1), median_of(names[v], 2), ratio_text(names[v], 2), \
        (beside > 0 ? sprintf("%.2f", beside) : "-"), median_of(names[v], 3), median_of(names[v], 4)
    }
  }

  print "\n## Instructions per request\n"
  print "In user space, of the whole server, 200 bytes over one keepalive connection (callgrind): what 1000 requests more"
  print "cost more. nginx looks at each character of a variable that it logs, whether it must be escaped: of the bundle,"
  print "nine instructions each, more than four short variables cost altogether. What those cost is in the kernel and not"
  print "in this table: four `getsockopt` calls, where the bundle makes one.\n"
  print "| | nginx | more than stock | httpd | more than stock |\n|---|---|---|---|---|"
  for (v = 1; v <= n; v++) {
    name = names[v]; if (!(("nginx", name) in instructions)) continue
    printf "| %s | %s %s\n", said[name], counted("nginx", name), counted("httpd", name)
  }
}

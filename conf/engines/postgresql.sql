-- SPDX-License-Identifier: Apache-2.0
-- Lines of the modules and of the witness in one table of PostgreSQL. What is not known is NULL.
--
--   psql -v lines=/var/log/nginx/access.json -f postgresql.sql
--
-- The time as such: to_timestamp(ts). A connection: (node, boot, cookie).
CREATE TABLE IF NOT EXISTS connfate (
  "event" text,
  "v" bigint,
  "detail" text,
  "node" text,
  "boot" text,
  "ts" numeric(20,6),
  "duration_ms" numeric(20,6),
  "client" text,
  "client_port" bigint,
  "local" text,
  "local_port" bigint,
  "remote_addr" text,
  "method" text,
  "host" text,
  "uri" text,
  "status" bigint,
  "bytes" bigint,
  "request_id" text,
  "trace_id" text,
  "fate" text,
  "by" text,
  "phase" text,
  "close" text,
  "err" text,
  "err_on" text,
  "tcp_state" text,
  "written" bigint,
  "acked" bigint,
  "unacked" bigint,
  "notsent" bigint,
  "refused" bigint,
  "start" bigint,
  "end" bigint,
  "retrans" bigint,
  "backoff" bigint,
  "silence_ms" bigint,
  "rtt_us" bigint,
  "rttvar_us" bigint,
  "min_rtt_us" bigint,
  "snd_wnd" bigint,
  "cwnd" bigint,
  "rwnd_limited_ms" bigint,
  "sndbuf_limited_ms" bigint,
  "busy_ms" bigint,
  "delivery_rate" bigint,
  "ttl" bigint,
  "cookie" text,
  "transport" text,
  "reset_code" text,
  "rule" text,
  "time" text,
  "server" text,
  "first" text,
  "final" boolean,
  "reason" text,
  "rst_from" text,
  "confidence" text,
  "evidence" text[],
  "evidence_rules" text[],
  "capture" text,
  "capture_lost" bigint,
  "benign" boolean,
  "version" text,
  "log" text,
  "missing" text
);

-- A line has no byte 1 or 2, so that each is one value as it stands.
CREATE TEMPORARY TABLE line (line jsonb);
\set load '\\copy line FROM ' :'lines' ' WITH (FORMAT csv, QUOTE E''\\x01'', DELIMITER E''\\x02'')'
:load
INSERT INTO connfate SELECT row.* FROM line, jsonb_populate_record(NULL::connfate, line) AS row;

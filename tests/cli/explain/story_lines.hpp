// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides lines of one connection as both servers and the witness write them: a delivered
// response, then one that was reset by somebody else than the client. Used by the tests of the
// story.

namespace connfate::cli::fixture {

inline constexpr const char* kAccessLog =
    "203.0.113.7 - - [24/Nov/2026:06:37:11 +0000] \"GET /report?id=7 HTTP/1.1\" 200 619 \"-\" "
    "\"c\" "
    "fate=pending phase=drained close=open tcp_state=ESTABLISHED written=619 acked=0 unacked=619 "
    "cookie=00000000000012ab rule=in-flight v=1\n"
    "203.0.113.7 - - [24/Nov/2026:06:37:10 +0000] \"GET /first HTTP/1.1\" 200 99 \"-\" \"c\" "
    "fate=delivered phase=drained close=open tcp_state=ESTABLISHED written=99 acked=99 unacked=0 "
    "cookie=00000000000012ab rule=all-acked v=1\n"
    "203.0.113.9 - - [24/Nov/2026:06:37:10 +0000] \"GET /other HTTP/1.1\" 200 99 \"-\" \"c\" "
    "fate=delivered phase=drained close=open tcp_state=ESTABLISHED written=99 acked=99 unacked=0 "
    "cookie=00000000000099ff rule=all-acked v=1\n"
    "no bundle in this line, though it names abc-1\n";

inline constexpr const char* kWitnessLog =
    "{\"event\":\"witness_started\",\"time\":\"2026-11-24T06:00:00.000000Z\",\"v\":1}\n"
    "{\"event\":\"response\",\"time\":\"2026-11-24T06:37:11.500000Z\",\"server\":\"nginx\","
    "\"method\":\"GET\",\"uri\":\"/report\",\"status\":200,\"request_id\":\"abc-1\","
    "\"client\":\"203.0.113.7\",\"client_port\":51234,\"local\":\"198.51.100.5\","
    "\"local_port\":443,\"cookie\":\"00000000000012ab\",\"first\":\"pending\","
    "\"fate\":\"rst_received\",\"by\":\"path\",\"close\":\"rst\",\"rule\":\"final-rst\","
    "\"final\":true,\"written\":619,\"acked\":0,\"rst_from\":\"path\",\"confidence\":\"strong\","
    "\"evidence\":[\"the client kept sending: 1.3 s later a packet 50 bytes beyond the reset, ttl "
    "52\",\"consistent with a device between the client and this host; not proof\"],"
    "\"evidence_rules\":[\"P1\",\"P5\"],\"capture\":\"complete\",\"v\":1}\n";

}  // namespace connfate::cli::fixture

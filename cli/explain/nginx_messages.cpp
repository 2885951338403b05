// SPDX-License-Identifier: Apache-2.0
// nginx writes "<what> (<errno>: <text>) while <doing>": the second part tells which connection the
// first is about. Most messages about clients have the level info, which Debian does not log.
#include "cli/explain/server_message.hpp"

namespace connfate::cli {
namespace {

constexpr std::array kMessages{
    ServerMessage{
        "epoll_wait() reported that client prematurely closed connection, so upstream connection "
        "is closed too",
        {"epoll_wait() reported that client prematurely closed connection", ""},
        "While nginx waited for the backend, the kernel reported the client's side as closed: a "
        "FIN, or a RST. nginx gave up and logs 499, or the status already sent.",
        "Whether it was a FIN or a RST (an errno behind it tells of a RST), nor that the client "
        "wanted to abort: a client that half-closes and waits looks the same.",
        "client_abort rst_received",
        "phase close err"},
    ServerMessage{
        "client prematurely closed connection, so upstream connection is closed too",
        {"client prematurely closed connection, so upstream", ""},
        "While nginx talked to the backend, a read from the client found the end of its "
        "stream or an error. nginx gave up and logs 499, or the status already sent.",
        "Whether it was a FIN or a RST, nor that the client wanted to abort: a half-close "
        "looks the same.",
        "client_abort rst_received",
        "phase close err"},
    ServerMessage{
        "client prematurely closed connection while reading client request headers",
        {"client prematurely closed connection", "reading client request"},
        "The client's stream ended before its request was complete.",
        "Why: a port scan, a health check, a closed page and a broken-off upload are the same "
        "here. nginx may have turned a RST into this message by consuming the error.",
        "client_abort rst_received",
        "phase close"},
    ServerMessage{"client prematurely closed connection",
                  {"client prematurely closed connection", ""},
                  "A read from the client found the end of its stream: a FIN, or an error that had "
                  "been consumed before.",
                  "That the client does not want the response: a half-close looks the same.",
                  "client_abort broken_pipe rst_received",
                  "phase close err"},
    ServerMessage{"client prematurely closed stream",
                  {"client prematurely closed stream", ""},
                  "HTTP/2: the client ended a stream before the announced body was complete.",
                  "Anything about the connection, which lived on.",
                  "stream_reset client_abort",
                  "phase"},
    ServerMessage{
        "client canceled stream",
        {"client canceled stream", ""},
        "HTTP/2: the client sent RST_STREAM with CANCEL: it no longer wants this response.",
        "How much of the response had arrived.",
        "stream_reset",
        "phase"},
    ServerMessage{"client closed keepalive connection",
                  {"closed keepalive connection", ""},
                  "The client closed between two requests. This is the usual end of a connection.",
                  "Anything about the response before; its own line does.",
                  "delivered pending",
                  "close"},
    ServerMessage{"client closed connection while waiting for request",
                  {"client closed connection", "waiting for request"},
                  "A connection came and went without a request: a health check, a preconnect of a "
                  "browser, a scan.",
                  "Whether a request was lost on its way; nothing of one has arrived.",
                  "client_abort unknown",
                  "rule"},
    ServerMessage{"client timed out (110: Connection timed out) while sending to client",
                  {"client timed out", "sending"},
                  "nginx's own timer (send_timeout) ran out: for that long the kernel took no more "
                  "of the response.",
                  "That the client was slow. The errno is nginx's own and not the kernel's. The "
                  "client may have stopped reading, the path may be dead, or data moved slowly "
                  "below a large send buffer.",
                  "client_stalled ack_stalled server_timeout",
                  "snd_wnd retrans silence_ms delivery_rate"},
    ServerMessage{"client timed out (110: Connection timed out) while reading client request",
                  {"client timed out", "reading client"},
                  "nginx's own timer (client_header_timeout, client_body_timeout) ran out before "
                  "the request was complete. nginx answers 408.",
                  "Whether the client stopped sending or the path lost what it sent.",
                  "request_timeout",
                  "phase silence_ms"},
    ServerMessage{"client timed out (110: Connection timed out) while waiting for request",
                  {"client timed out", "waiting for request"},
                  "A connection without any request was closed by nginx's timer.",
                  "Anything about a response; there was none.",
                  "request_timeout unknown",
                  "rule"},
    ServerMessage{"writev() failed (...) while sending to client",
                  {"writev() failed", "sending"},
                  "nginx's write found the client's connection dead. The errno says how, if it is "
                  "the connection's first one.",
                  "Who ended it: a RST carries the client's address whoever sent it. Nor how much "
                  "arrived; that is the field acked.",
                  "rst_received broken_pipe ack_timeout unreachable",
                  "err err_on acked close"},
    ServerMessage{"send() failed (...) while sending to client",
                  {"send() failed", "sending"},
                  "nginx's write found the client's connection dead. The errno says how, if it is "
                  "the connection's first one.",
                  "Who ended it, nor how much arrived.",
                  "rst_received broken_pipe ack_timeout unreachable",
                  "err err_on acked close"},
    ServerMessage{
        "sendfile() failed (...) while sending to client",
        {"sendfile() failed", ""},
        "nginx's write of a file found the client's connection dead. With aio threads the "
        "errno can be another call's.",
        "Who ended it, nor how much arrived.",
        "rst_received broken_pipe ack_timeout unreachable",
        "err acked close"},
    ServerMessage{"SSL_write() failed while sending to client",
                  {"SSL_write() failed", ""},
                  "Writing to the client's TLS connection failed; the errno, where there is one, "
                  "says how.",
                  "Who ended it. A failure without errno is TLS's own: see the OpenSSL text.",
                  "rst_received broken_pipe server_abort",
                  "err close"},
    ServerMessage{"recv() failed (104: Connection reset by peer) while reading client request",
                  {"recv() failed", "reading client request"},
                  "The client's connection died while nginx read the request.",
                  "Who sent the RST.",
                  "rst_received",
                  "phase err close"},
    ServerMessage{"recv() failed (104: Connection reset by peer) while waiting for request",
                  {"recv() failed", "waiting for request"},
                  "A connection was reset before any byte of a request.",
                  "Who sent the RST, nor that a request was on its way.",
                  "rst_received",
                  "rule"},
    ServerMessage{
        "recv() failed (104: Connection reset by peer) while keepalive",
        {"recv() failed", "keepalive"},
        "An idle client connection was reset between two requests: no response was harmed "
        "by this read.",
        "Whether the response before had arrived; its own line or the witness's does.",
        "delivered rst_received",
        "close"},
    ServerMessage{
        "recv() failed (104: Connection reset by peer) while reading response header from "
        "upstream",
        {"recv() failed", "reading response header from upstream"},
        "The BACKEND's connection was reset before it had answered. The peer is the "
        "backend. nginx tries the next one, or answers 502.",
        "Anything about the client: the 502 is a response of its own. Whether the backend "
        "crashed, closed an idle connection as the request came, or a device between cut "
        "it, the message does not tell.",
        "delivered pending",
        "fate"},
    ServerMessage{
        "readv() failed (104: Connection reset by peer) while reading upstream",
        {"() failed", "reading upstream"},
        "The BACKEND's connection died in mid body. The status had been sent already, and "
        "the client got a body that was cut short.",
        "Anything about the client's connection.",
        "server_abort",
        "phase"},
    ServerMessage{"upstream timed out (110: Connection timed out) while reading response header "
                  "from upstream",
                  {"upstream timed out", ""},
                  "nginx's own timer for the BACKEND ran out (proxy_connect_timeout, "
                  "proxy_send_timeout, proxy_read_timeout). nginx answers 504, or cuts the body "
                  "short when it had begun.",
                  "Anything about the client. The errno is nginx's own and not the kernel's.",
                  "delivered pending server_abort",
                  "phase"},
    ServerMessage{"upstream prematurely closed connection while reading response header from "
                  "upstream",
                  {"upstream prematurely closed connection", "reading response header"},
                  "The BACKEND closed with a FIN before it had answered: it crashed, refused, or "
                  "closed an idle connection as the request came. nginx answers 502.",
                  "Anything about the client.",
                  "delivered pending",
                  "fate"},
    ServerMessage{"upstream prematurely closed connection while reading upstream",
                  {"upstream prematurely closed connection", "reading upstream"},
                  "The BACKEND closed before its body was complete. The client got a body that was "
                  "cut short, under the status already sent.",
                  "Anything about the client's connection.",
                  "server_abort",
                  "phase"},
    ServerMessage{"upstream prematurely closed FastCGI stdout",
                  {"upstream prematurely closed FastCGI stdout", ""},
                  "The FastCGI BACKEND ended its answer too early.",
                  "Anything about the client.",
                  "delivered pending server_abort",
                  "phase"},
    ServerMessage{"upstream sent no valid HTTP/1.0 header",
                  {"upstream sent no valid HTTP/1.0 header", ""},
                  "The BACKEND's answer does not begin with a status line: often another protocol, "
                  "or TLS on a plain port.",
                  "Anything about the client.",
                  "delivered pending",
                  "fate"},
    ServerMessage{"upstream sent too big header while reading response header from upstream",
                  {"upstream sent too big header", ""},
                  "The BACKEND's response head does not fit proxy_buffer_size. nginx answers 502.",
                  "Anything about the client.",
                  "delivered pending",
                  "fate"},
    ServerMessage{"connect() failed (111: Connection refused) while connecting to upstream",
                  {"connect() failed", "connecting to upstream"},
                  "The BACKEND could not be reached: nobody listens, or a firewall refuses. nginx "
                  "tries the next one, or answers 502.",
                  "Anything about the client.",
                  "delivered pending",
                  "fate"},
    ServerMessage{"no live upstreams while connecting to upstream",
                  {"no live upstreams", ""},
                  "All BACKENDS are marked as failed (max_fails, fail_timeout). nginx answers 502 "
                  "without trying.",
                  "Why they failed; earlier lines do.",
                  "delivered pending",
                  "fate"},
    ServerMessage{
        "recv() failed (104: Connection reset by peer) while proxying upgraded connection",
        {"failed", "proxying upgraded connection"},
        "A tunnel (WebSocket) was cut by a RST, on the client's side or the backend's.",
        "Which side: the message is the same for both.",
        "rst_received server_abort",
        "err close"},
    ServerMessage{"SSL_do_handshake() failed while SSL handshaking",
                  {"SSL_do_handshake() failed", ""},
                  "A TLS handshake failed; the OpenSSL text says why. Behind \"to upstream\" it is "
                  "the backend's.",
                  "Anything about a response: there was no request.",
                  "unknown rst_received client_abort",
                  "rule"},
    ServerMessage{"peer closed connection in SSL handshake",
                  {"peer closed connection in SSL handshake", ""},
                  "The peer closed, or was reset, before the TLS handshake was complete. Behind "
                  "\"to upstream\" the peer is the backend.",
                  "Why: a scan, a preconnect, a refused certificate, or a device that dislikes the "
                  "handshake.",
                  "client_abort rst_received unknown",
                  "rule"},
    ServerMessage{"client intended to send too large body",
                  {"client intended to send too large", ""},
                  "nginx refused the request (413) without reading it to its end.",
                  "Whether the client saw the 413: closing with unread data makes this host's "
                  "kernel send a RST, which can overtake the answer.",
                  "delivered pending server_abort",
                  "rule close"},
    ServerMessage{"worker_connections are not enough",
                  {"worker_connections are not enough", ""},
                  "This host had no room for another connection: new ones wait, or idle ones are "
                  "closed for them.",
                  "Which clients were affected; those have no line in the access log.",
                  "server_abort unknown",
                  "rule"},
    ServerMessage{"accept() failed (24: Too many open files)",
                  {"accept() failed", ""},
                  "This host could not take a new connection.",
                  "Which clients were affected; those have no line in the access log.",
                  "unknown",
                  "rule"},
    ServerMessage{
        "worker process exited on signal",
        {"exited on signal", ""},
        "A worker died. The kernel closed all its connections: a FIN where everything had "
        "been read, a RST where not. Their responses have no line in the access log.",
        "Which responses were lost; the witness tells of their connections.",
        "server_abort unknown",
        "rule"},
    ServerMessage{"open socket left in connection",
                  {"open socket #", "left in connection"},
                  "A worker that was told to end still held this connection, and closes it.",
                  "Whether a response was under way.",
                  "server_abort",
                  "phase"},
};

}  // namespace

std::span<const ServerMessage> nginx_messages() noexcept {
  return kMessages;
}

}  // namespace connfate::cli

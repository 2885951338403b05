/* SPDX-License-Identifier: Apache-2.0 */

/* An nginx module that taps connections as connfate does, for the tests of the two together. It
 * wraps recv, send and send_chain of the connection of each request, as a module does that meters
 * traffic or looks into TLS:
 *
 *   second_tap early   in the POST_READ phase, which may come before or after connfate's
 *   second_tap late    in the header filter
 *   second_tap both    in both, with a layer of its own for each
 *   second_tap_off never | careful | careless
 *                      in the log phase: leaves it, takes it off when it stands in front, or puts
 *                      back what it had found, whatever stands there now
 *
 * $second_tap_calls counts the calls that came through it on this connection. */

#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include <ngx_http.h>

enum { EARLY, LATE, LAYERS, BOTH = 1 << EARLY | 1 << LATE };
enum { NEVER, CAREFUL, CARELESS };

typedef struct {
  ngx_recv_pt recv;
  ngx_send_pt send;
  ngx_send_chain_pt send_chain;
} functions_t;

typedef struct {
  functions_t behind[LAYERS];
  ngx_uint_t wrapped; /* bits, as layers below */
  ngx_uint_t calls;
} tap_t;

typedef struct {
  ngx_uint_t layers; /* bits: 1 << EARLY, 1 << LATE */
  ngx_uint_t off;
} second_tap_conf_t;

extern ngx_module_t ngx_http_second_tap_module;

static ngx_http_output_header_filter_pt next_header_filter;

static void forget(void *data) { (void)data; }

static tap_t *find_tap(ngx_connection_t *c) {
  for (ngx_pool_cleanup_t *node = c->pool->cleanup; node != NULL; node = node->next) {
    if (node->handler == forget) return node->data;
  }
  return NULL;
}

static tap_t *make_tap(ngx_connection_t *c) {
  tap_t *known = find_tap(c);
  if (known != NULL) return known;
  ngx_pool_cleanup_t *node = ngx_pool_cleanup_add(c->pool, sizeof(tap_t));
  if (node == NULL) return NULL;
  ngx_memzero(node->data, sizeof(tap_t));
  node->handler = forget;
  return node->data;
}

#define LAYER(name, layer)                                                                      \
  static ssize_t name##_recv(ngx_connection_t *c, u_char *buf, size_t size) {                   \
    tap_t *tap = find_tap(c);                                                                   \
    tap->calls++;                                                                               \
    return tap->behind[layer].recv(c, buf, size);                                               \
  }                                                                                             \
  static ssize_t name##_send(ngx_connection_t *c, u_char *buf, size_t size) {                   \
    tap_t *tap = find_tap(c);                                                                   \
    tap->calls++;                                                                               \
    return tap->behind[layer].send(c, buf, size);                                               \
  }                                                                                             \
  static ngx_chain_t *name##_send_chain(ngx_connection_t *c, ngx_chain_t *in, off_t limit) {    \
    tap_t *tap = find_tap(c);                                                                   \
    tap->calls++;                                                                               \
    return tap->behind[layer].send_chain(c, in, limit);                                         \
  }

LAYER(early, EARLY)
LAYER(late, LATE)

static const functions_t ours[LAYERS] = {{early_recv, early_send, early_send_chain},
                                         {late_recv, late_send, late_send_chain}};

static ngx_connection_t *real_connection(ngx_http_request_t *r) {
#if (NGX_HTTP_V2)
  if (r->stream != NULL) return r->stream->connection->connection;
#endif
  return r->connection;
}

static second_tap_conf_t *conf_of(ngx_http_request_t *r) {
  return ngx_http_get_module_main_conf(r, ngx_http_second_tap_module);
}

static void wrap(ngx_http_request_t *r, ngx_uint_t layer) {
  if (r != r->main || (conf_of(r)->layers & (1 << layer)) == 0) return;
  ngx_connection_t *c = real_connection(r);
  tap_t *tap = make_tap(c);
  if (tap == NULL || c->recv == ours[layer].recv) return;
  /* Two layers that each wrapped what stands in front would circle without any help. */
  if (conf_of(r)->layers == BOTH && (tap->wrapped & (1 << layer)) != 0) return;
  tap->wrapped |= 1 << layer;
  tap->behind[layer] = (functions_t){c->recv, c->send, c->send_chain};
  c->recv = ours[layer].recv;
  c->send = ours[layer].send;
  c->send_chain = ours[layer].send_chain;
}

static void unwrap(ngx_http_request_t *r, ngx_uint_t layer) {
  if ((conf_of(r)->layers & (1 << layer)) == 0) return;
  ngx_connection_t *c = real_connection(r);
  tap_t *tap = find_tap(c);
  if (tap == NULL || tap->behind[layer].recv == NULL) return;
  if (conf_of(r)->off == CAREFUL && c->recv != ours[layer].recv) return;
  tap->wrapped &= ~(1 << layer);
  c->recv = tap->behind[layer].recv;
  c->send = tap->behind[layer].send;
  c->send_chain = tap->behind[layer].send_chain;
}

static ngx_int_t on_request(ngx_http_request_t *r) {
  wrap(r, EARLY);
  return NGX_DECLINED;
}

static ngx_int_t on_header(ngx_http_request_t *r) {
  wrap(r, LATE);
  return next_header_filter(r);
}

static ngx_int_t on_log(ngx_http_request_t *r) {
  if (r != r->main || conf_of(r)->off == NEVER) return NGX_OK;
  unwrap(r, LATE);
  unwrap(r, EARLY);
  return NGX_OK;
}

static ngx_int_t count_calls(ngx_http_request_t *r, ngx_variable_value_t *value, uintptr_t data) {
  tap_t *tap = find_tap(real_connection(r));
  (void)data;
  value->data = ngx_pnalloc(r->pool, NGX_INT_T_LEN);
  if (value->data == NULL) return NGX_ERROR;
  value->len = ngx_sprintf(value->data, "%ui", tap != NULL ? tap->calls : 0) - value->data;
  value->valid = 1;
  value->no_cacheable = 1;
  value->not_found = 0;
  return NGX_OK;
}

static ngx_int_t add_variable(ngx_conf_t *cf) {
  ngx_str_t name = ngx_string("second_tap_calls");
  ngx_http_variable_t *variable = ngx_http_add_variable(cf, &name, NGX_HTTP_VAR_NOCACHEABLE);
  if (variable == NULL) return NGX_ERROR;
  variable->get_handler = count_calls;
  return NGX_OK;
}

static ngx_int_t add_handler(ngx_conf_t *cf, ngx_uint_t phase, ngx_http_handler_pt handler) {
  ngx_http_core_main_conf_t *core = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);
  ngx_http_handler_pt *slot = ngx_array_push(&core->phases[phase].handlers);
  if (slot == NULL) return NGX_ERROR;
  *slot = handler;
  return NGX_OK;
}

static ngx_int_t install(ngx_conf_t *cf) {
  next_header_filter = ngx_http_top_header_filter;
  ngx_http_top_header_filter = on_header;
  if (add_handler(cf, NGX_HTTP_POST_READ_PHASE, on_request) != NGX_OK) return NGX_ERROR;
  return add_handler(cf, NGX_HTTP_LOG_PHASE, on_log);
}

static void *create_conf(ngx_conf_t *cf) { return ngx_pcalloc(cf->pool, sizeof(second_tap_conf_t)); }

static ngx_conf_enum_t layer_names[] = {{ngx_string("early"), 1 << EARLY},
                                        {ngx_string("late"), 1 << LATE},
                                        {ngx_string("both"), BOTH},
                                        {ngx_null_string, 0}};
static ngx_conf_enum_t off_names[] = {{ngx_string("never"), NEVER},
                                      {ngx_string("careful"), CAREFUL},
                                      {ngx_string("careless"), CARELESS},
                                      {ngx_null_string, 0}};

static char *set_enum(ngx_conf_t *cf, ngx_command_t *cmd, void *conf) {
  *(ngx_uint_t *)((char *)conf + cmd->offset) = NGX_CONF_UNSET_UINT;
  return ngx_conf_set_enum_slot(cf, cmd, conf);
}

static ngx_command_t commands[] = {
    {ngx_string("second_tap"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1, set_enum,
     NGX_HTTP_MAIN_CONF_OFFSET, offsetof(second_tap_conf_t, layers), layer_names},
    {ngx_string("second_tap_off"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1, set_enum,
     NGX_HTTP_MAIN_CONF_OFFSET, offsetof(second_tap_conf_t, off), off_names},
    ngx_null_command};

static ngx_http_module_t context = {add_variable, install, create_conf, NULL,
                                    NULL,         NULL,    NULL,        NULL};

ngx_module_t ngx_http_second_tap_module = {NGX_MODULE_V1, &context, commands, NGX_HTTP_MODULE,
                                           NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                                           NGX_MODULE_V1_PADDING};

ngx_module_t *ngx_modules[] = {&ngx_http_second_tap_module, NULL};
char *ngx_module_names[] = {"ngx_http_second_tap_module", NULL};
char *ngx_module_order[] = {NULL};

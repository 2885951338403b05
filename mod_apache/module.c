/* SPDX-License-Identifier: Apache-2.0 */

/* The module's record and its directives. In C, because httpd's macros and table types are C. */

#include <httpd.h>

#include <http_config.h>

/* config.cpp */
void *connfate_create_server_config(apr_pool_t *p, server_rec *s);
void *connfate_create_place_config(apr_pool_t *p, char *place);
void *connfate_merge_place_config(apr_pool_t *p, void *base, void *add);
const char *connfate_set_enabled(cmd_parms *cmd, void *place, int on);
const char *connfate_set_detail(cmd_parms *cmd, void *place, const char *word);
const char *connfate_set_node(cmd_parms *cmd, void *dummy, const char *node);
const char *connfate_set_witness(cmd_parms *cmd, void *dummy, const char *path);

/* hooks.cpp */
void connfate_install_hooks(apr_pool_t *p);

static const command_rec commands[] = {
    AP_INIT_FLAG("ConnFate", connfate_set_enabled, NULL, RSRC_CONF | ACCESS_CONF,
                 "On or Off: whether the fate of the responses here can be logged"),
    AP_INIT_TAKE1("ConnFateDetail", connfate_set_detail, NULL, RSRC_CONF | ACCESS_CONF,
                  "Trouble or Full: whether healthy responses have the short form"),
    AP_INIT_TAKE1("ConnFateNode", connfate_set_node, NULL, RSRC_CONF,
                  "the name of this host on each line, instead of its host name"),
    AP_INIT_TAKE1("ConnFateWitness", connfate_set_witness, NULL, RSRC_CONF,
                  "the absolute path of the socket of connfate-witness"),
    {.name = NULL}
};

__attribute__((visibility("default"))) AP_DECLARE_MODULE(connfate) = {
    STANDARD20_MODULE_STUFF,
    connfate_create_place_config,  /* create per-directory configuration */
    connfate_merge_place_config,   /* merge per-directory configurations */
    connfate_create_server_config, /* create per-server configuration */
    NULL,                          /* merge per-server configurations */
    commands,
    connfate_install_hooks,
    AP_MODULE_FLAG_NONE
};

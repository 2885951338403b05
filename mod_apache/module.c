/* SPDX-License-Identifier: Apache-2.0 */

/* The module's record and its directives. In C, because httpd's macros and table types are C. */

#include <httpd.h>

#include <http_config.h>

/* config.cpp */
void *connfate_create_server_config(apr_pool_t *p, server_rec *s);
void *connfate_merge_server_config(apr_pool_t *p, void *base, void *add);
const char *connfate_set_enabled(cmd_parms *cmd, void *dummy, int on);
const char *connfate_set_witness(cmd_parms *cmd, void *dummy, const char *path);

/* hooks.cpp */
void connfate_install_hooks(apr_pool_t *p);

static const command_rec commands[] = {
    AP_INIT_FLAG("ConnFate", connfate_set_enabled, NULL, RSRC_CONF,
                 "On or Off: whether the fate of this server's responses can be logged"),
    AP_INIT_TAKE1("ConnFateWitness", connfate_set_witness, NULL, RSRC_CONF,
                  "the absolute path of the socket of connfate-witness"),
    {.name = NULL}
};

__attribute__((visibility("default"))) AP_DECLARE_MODULE(connfate) = {
    STANDARD20_MODULE_STUFF,
    NULL,                          /* create per-directory configuration */
    NULL,                          /* merge per-directory configurations */
    connfate_create_server_config, /* create per-server configuration */
    connfate_merge_server_config,  /* merge per-server configurations */
    commands,
    connfate_install_hooks,
    AP_MODULE_FLAG_NONE
};

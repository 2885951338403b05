/* SPDX-License-Identifier: Apache-2.0 */

/* The module's record, its directives, and the three tables that nginx looks up in a dynamic
 * module. In C, because nginx's macros and table types are C. */

#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

/* config.cpp */
void *connfate_create_main_conf(ngx_conf_t *cf);
void *connfate_create_loc_conf(ngx_conf_t *cf);
char *connfate_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child);
char *connfate_set_enabled(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *connfate_set_detail(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *connfate_set_node(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *connfate_set_witness(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/* hooks.cpp */
ngx_int_t connfate_add_variables(ngx_conf_t *cf);
ngx_int_t connfate_install_hooks(ngx_conf_t *cf);
ngx_int_t connfate_configured(ngx_cycle_t *cycle);

static ngx_command_t commands[] = {
    {ngx_string("connfate"),
     NGX_HTTP_MAIN_CONF | NGX_HTTP_SRV_CONF | NGX_HTTP_LOC_CONF | NGX_CONF_FLAG,
     connfate_set_enabled, NGX_HTTP_LOC_CONF_OFFSET, 0, NULL},
    {ngx_string("connfate_detail"),
     NGX_HTTP_MAIN_CONF | NGX_HTTP_SRV_CONF | NGX_HTTP_LOC_CONF | NGX_CONF_TAKE1,
     connfate_set_detail, NGX_HTTP_LOC_CONF_OFFSET, 0, NULL},
    {ngx_string("connfate_node"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1,
     connfate_set_node, NGX_HTTP_MAIN_CONF_OFFSET, 0, NULL},
    {ngx_string("connfate_witness"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1,
     connfate_set_witness, NGX_HTTP_MAIN_CONF_OFFSET, 0, NULL},
    ngx_null_command
};

static ngx_http_module_t context = {
    connfate_add_variables,    /* preconfiguration */
    connfate_install_hooks,    /* postconfiguration */
    connfate_create_main_conf, /* create main configuration */
    NULL,                      /* init main configuration */
    NULL,                      /* create server configuration */
    NULL,                      /* merge server configuration */
    connfate_create_loc_conf,  /* create location configuration */
    connfate_merge_loc_conf    /* merge location configuration */
};

ngx_module_t ngx_http_connfate_module = {
    NGX_MODULE_V1,
    &context,
    commands,
    NGX_HTTP_MODULE,
    NULL,
    connfate_configured, /* init module */
    NULL, NULL, NULL, NULL, NULL,
    NGX_MODULE_V1_PADDING
};

__attribute__((visibility("default"))) ngx_module_t *ngx_modules[] = {
    &ngx_http_connfate_module, NULL
};
__attribute__((visibility("default"))) char *ngx_module_names[] = {
    "ngx_http_connfate_module", NULL
};
__attribute__((visibility("default"))) char *ngx_module_order[] = {NULL};

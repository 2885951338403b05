/* SPDX-License-Identifier: Apache-2.0 */

/* An httpd module that taps connections as connfate does, for the tests of the two together. It
 * stands in for the function of the CORE output filter, as connfate does, and has filters of its
 * own beside connfate's:
 *
 *   SecondTap early     when the configuration is read, before connfate
 *   SecondTap late      when a child starts, after connfate
 *   SecondTap both      both, with a layer of its own for each
 *   SecondTap careless  early, and at the end of the configuration it puts back what it had found,
 *                       whatever stands there by then
 */

#include <httpd.h>

#include <apr_strings.h>
#include <http_config.h>
#include <http_connection.h>
#include <http_core.h>
#include <util_filter.h>

static const char *order = "";
static ap_out_filter_func below_early;
static ap_out_filter_func below_late;

static apr_status_t early_layer(ap_filter_t *f, apr_bucket_brigade *bb)
{
    return below_early(f, bb);
}

static apr_status_t late_layer(ap_filter_t *f, apr_bucket_brigade *bb)
{
    return below_late(f, bb);
}

static apr_status_t pass_out(ap_filter_t *f, apr_bucket_brigade *bb)
{
    return ap_pass_brigade(f->next, bb);
}

static apr_status_t pass_in(ap_filter_t *f, apr_bucket_brigade *bb, ap_input_mode_t mode,
                            apr_read_type_e block, apr_off_t bytes)
{
    return ap_get_brigade(f->next, bb, mode, block, bytes);
}

static int is(const char *word)
{
    return strcmp(order, word) == 0;
}

static int tap_early(apr_pool_t *p, apr_pool_t *log, apr_pool_t *temporary, server_rec *s)
{
    if (is("late")) return OK;
    below_early = ap_core_output_filter_handle->filter_func.out_func;
    ap_core_output_filter_handle->filter_func.out_func = early_layer;
    return OK;
}

static int put_back(apr_pool_t *p, apr_pool_t *log, apr_pool_t *temporary, server_rec *s)
{
    if (is("careless")) ap_core_output_filter_handle->filter_func.out_func = below_early;
    return OK;
}

static void tap_late(apr_pool_t *p, server_rec *s)
{
    if (!is("late") && !is("both")) return;
    below_late = ap_core_output_filter_handle->filter_func.out_func;
    ap_core_output_filter_handle->filter_func.out_func = late_layer;
}

static int add_filters(conn_rec *c, void *socket)
{
    ap_add_output_filter("SECOND_TAP", NULL, NULL, c);
    ap_add_input_filter("SECOND_TAP", NULL, NULL, c);
    return DECLINED;
}

static const char *set_order(cmd_parms *cmd, void *dummy, const char *word)
{
    order = apr_pstrdup(cmd->pool, word);
    return NULL;
}

static const command_rec commands[] = {
    AP_INIT_TAKE1("SecondTap", set_order, NULL, RSRC_CONF, "early, late, both or careless"),
    {.name = NULL}
};

static void install_hooks(apr_pool_t *p)
{
    ap_register_output_filter("SECOND_TAP", pass_out, NULL, AP_FTYPE_NETWORK - 1);
    ap_register_input_filter("SECOND_TAP", pass_in, NULL, AP_FTYPE_NETWORK - 1);
    ap_hook_post_config(tap_early, NULL, NULL, APR_HOOK_FIRST);
    ap_hook_post_config(put_back, NULL, NULL, APR_HOOK_REALLY_LAST);
    ap_hook_child_init(tap_late, NULL, NULL, APR_HOOK_REALLY_LAST);
    ap_hook_pre_connection(add_filters, NULL, NULL, APR_HOOK_MIDDLE);
}

__attribute__((visibility("default"))) AP_DECLARE_MODULE(second_tap) = {
    STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, commands, install_hooks, AP_MODULE_FLAG_NONE
};

#include "CCurl.h"

#include <dlfcn.h>
#include <stddef.h>

// The functions that Swift calls: what each returns, its name, its parameters and its arguments.
#define FUNCTIONS(F) \
    F(CURL *, curl_easy_init, (void), ()) \
    F(void, curl_easy_cleanup, (CURL * handle), (handle)) \
    F(CURLcode, curl_easy_pause, (CURL * handle, int bits), (handle, bits)) \
    F(const char *, curl_easy_strerror, (CURLcode code), (code)) \
    F(CURLM *, curl_multi_init, (void), ()) \
    F(CURLMcode, curl_multi_cleanup, (CURLM * multi), (multi)) \
    F(CURLMcode, curl_multi_add_handle, (CURLM * multi, CURL * handle), (multi, handle)) \
    F(CURLMcode, curl_multi_remove_handle, (CURLM * multi, CURL * handle), (multi, handle)) \
    F(CURLMcode, curl_multi_perform, (CURLM * multi, int *running), (multi, running)) \
    F(CURLMcode, curl_multi_poll, (CURLM * multi, struct curl_waitfd * more, unsigned int count, int time, int *ready), \
      (multi, more, count, time, ready)) \
    F(CURLMcode, curl_multi_wakeup, (CURLM * multi), (multi)) \
    F(CURLMsg *, curl_multi_info_read, (CURLM * multi, int *left), (multi, left)) \
    F(const char *, curl_multi_strerror, (CURLMcode code), (code)) \
    F(struct curl_slist *, curl_slist_append, (struct curl_slist * list, const char *text), (list, text)) \
    F(void, curl_slist_free_all, (struct curl_slist * list), (list)) \
    F(curl_mime *, curl_mime_init, (CURL * handle), (handle)) \
    F(void, curl_mime_free, (curl_mime * form), (form)) \
    F(curl_mimepart *, curl_mime_addpart, (curl_mime * form), (form)) \
    F(CURLcode, curl_mime_name, (curl_mimepart * part, const char *name), (part, name)) \
    F(CURLcode, curl_mime_type, (curl_mimepart * part, const char *type), (part, type)) \
    F(CURLcode, curl_mime_filename, (curl_mimepart * part, const char *name), (part, name)) \
    F(CURLcode, curl_mime_data_cb, \
      (curl_mimepart * part, curl_off_t size, curl_read_callback read, curl_seek_callback seek, curl_free_callback end, void *user), \
      (part, size, read, seek, end, user))

#define MEMBER(result, name, parameters, arguments) result(*name) parameters;

static struct {
    CURLcode (*curl_global_init)(long flags);
    ccurl_setopt_function curl_easy_setopt;
    ccurl_getinfo_function curl_easy_getinfo;
    FUNCTIONS(MEMBER)
} loaded;

static const char *problem;

// What a function of this name is, or NULL with the problem told.
static void *function(void *library, const char *name) {
    void *found = dlsym(library, name);
    if (!found) problem = dlerror();
    return found;
}

#define LOAD(name) (loaded.name = (__typeof__(loaded.name))function(library, #name))
#define AND_LOAD(result, name, parameters, arguments) &&LOAD(name)

// The caller sees to it that one thread comes here, once, and that nothing else is called before or where this fails.
CURLcode curl_global_init(long flags) {
    // It stays: its threads and its data have no end before the process has.
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        problem = dlerror();
        return CURLE_FAILED_INIT;
    }
    int isWhole = LOAD(curl_global_init) && LOAD(curl_easy_setopt) && LOAD(curl_easy_getinfo) FUNCTIONS(AND_LOAD);
    return isWhole ? loaded.curl_global_init(flags) : CURLE_FAILED_INIT;
}

const char *ccurl_problem(void) { return problem ? problem : "it does not start"; }

ccurl_setopt_function ccurl_setopt(void) { return loaded.curl_easy_setopt; }

ccurl_getinfo_function ccurl_getinfo(void) { return loaded.curl_easy_getinfo; }

#define CALL(result, name, parameters, arguments) \
    result name parameters { return loaded.name arguments; }

FUNCTIONS(CALL)

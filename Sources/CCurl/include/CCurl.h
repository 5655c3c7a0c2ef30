// libcurl, which is loaded by curl_global_init: with it come forty libraries, and the commands that need no network begin in a
// half of the time without them.
//
// It sets and tells everything through variadic functions, which Swift cannot call: here each has the types of its
// last argument. What a function returns is for the caller to read, as of libcurl itself.
#pragma once
#include <curl/curl.h>

// Why curl_global_init has failed: it is not installed, or lacks a function.
const char *ccurl_problem(void);

// libcurl's own two, from the moment on that it is loaded.
typedef CURLcode (*ccurl_setopt_function)(CURL *handle, CURLoption option, ...);
typedef CURLcode (*ccurl_getinfo_function)(CURL *handle, CURLINFO info, ...);
ccurl_setopt_function ccurl_setopt(void);
ccurl_getinfo_function ccurl_getinfo(void);

static inline CURLcode ccurl_set_number(CURL *handle, CURLoption option, long value) {
    return ccurl_setopt()(handle, option, value);
}

static inline CURLcode ccurl_set_size(CURL *handle, CURLoption option, curl_off_t value) {
    return ccurl_setopt()(handle, option, value);
}

// libcurl keeps a copy of the text; NULL takes the option back.
static inline CURLcode ccurl_set_text(CURL *handle, CURLoption option, const char *value) {
    return ccurl_setopt()(handle, option, value);
}

// libcurl keeps the pointer: what it leads to has to live as long as the handle.
static inline CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return ccurl_setopt()(handle, option, value);
}

// For CURLOPT_WRITEFUNCTION, CURLOPT_HEADERFUNCTION and CURLOPT_READFUNCTION, which have the same type.
static inline CURLcode ccurl_set_transfer(CURL *handle, CURLoption option, curl_write_callback value) {
    return ccurl_setopt()(handle, option, value);
}

static inline CURLcode ccurl_set_seek(CURL *handle, curl_seek_callback value) {
    return ccurl_setopt()(handle, CURLOPT_SEEKFUNCTION, value);
}

static inline CURLcode ccurl_get_number(CURL *handle, CURLINFO info, long *value) {
    return ccurl_getinfo()(handle, info, value);
}

static inline CURLcode ccurl_get_size(CURL *handle, CURLINFO info, curl_off_t *value) {
    return ccurl_getinfo()(handle, info, value);
}

// The transfer that a message of the multi interface is about, and how it ended.
static inline CURLcode ccurl_result(const CURLMsg *message) { return message->data.result; }

// Only HTTP: no redirect, no proxy and no slip of ours leads to another protocol.
static inline CURLcode ccurl_allow_http(CURL *handle) {
#if LIBCURL_VERSION_NUM >= 0x075500
    return ccurl_setopt()(handle, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    return ccurl_setopt()(handle, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
}

// The bits of authentication are of a type that a long takes.
static inline long ccurl_any_authentication(void) { return (long)CURLAUTH_ANY; }
static inline long ccurl_basic_authentication(void) { return (long)CURLAUTH_BASIC; }

// Swift cannot call variadic C functions: curl_easy_setopt and curl_easy_getinfo get one wrapper
// for each type of argument that the transport passes. The type is in the signature, where the
// compiler checks it; libcurl itself could not.
#pragma once

#include <curl/curl.h>

static inline CURLcode promoter_setopt_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

// libcurl copies every string option (other than CURLOPT_POSTFIELDS, which is a pointer here).
static inline CURLcode promoter_setopt_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode promoter_setopt_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode promoter_setopt_off_t(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode promoter_setopt_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

typedef size_t (*promoter_data_callback)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode promoter_setopt_callback(CURL *handle, CURLoption option, promoter_data_callback value) {
    return curl_easy_setopt(handle, option, value);
}

typedef CURLcode (*promoter_ssl_context_callback)(CURL *handle, void *ssl_context, void *context);

static inline CURLcode promoter_setopt_ssl_context_callback(
    CURL *handle, CURLoption option, promoter_ssl_context_callback value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode promoter_getinfo_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode promoter_getinfo_off_t(CURL *handle, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode promoter_getinfo_pointer(CURL *handle, CURLINFO info, void **value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode promoter_getinfo_socket(CURL *handle, CURLINFO info, curl_socket_t *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLMcode promoter_multi_setopt_long(CURLM *handle, CURLMoption option, long value) {
    return curl_multi_setopt(handle, option, value);
}

// The message of a finished transfer is a union, which Swift would have to read unsafely.
static inline CURLcode promoter_message_result(const CURLMsg *message) { return message->data.result; }

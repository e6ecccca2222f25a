// The least that a custom runtime over libcurl does: asks for an invocation, answers it, and asks again. What this
// costs is libcurl's and the C library's; what promoter costs above it is promoter's.
//
// With LOOKUP set it looks that name up in each invocation, as a check of promoter does.

#include <curl/curl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static char request_id[128];

static size_t take_header(char *line, size_t size, size_t count, void *context) {
    static const char name[] = "Lambda-Runtime-Aws-Request-Id:";
    size_t length = size * count;
    (void)context;
    if (length > sizeof name - 1 && strncasecmp(line, name, sizeof name - 1) == 0) {
        const char *value = line + sizeof name - 1;
        size_t rest = length - (sizeof name - 1);
        while (rest > 0 && *value == ' ') value++, rest--;
        while (rest > 0 && (value[rest - 1] == '\r' || value[rest - 1] == '\n')) rest--;
        snprintf(request_id, sizeof request_id, "%.*s", (int)rest, value);
    }
    return length;
}

static size_t drop(char *bytes, size_t size, size_t count, void *context) {
    (void)bytes, (void)context;
    return size * count;
}

static void require(CURLcode code, const char *activity) {
    if (code == CURLE_OK) return;
    fprintf(stderr, "%s: %s\n", activity, curl_easy_strerror(code));
    exit(1);
}

int main(void) {
    const char *api = getenv("AWS_LAMBDA_RUNTIME_API"), *name = getenv("LOOKUP");
    if (api == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return 1;
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    if (curl == NULL || headers == NULL) return 1;

    char next[256], response[512];
    snprintf(next, sizeof next, "http://%s/2018-06-01/runtime/invocation/next", api);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, 1000L);
    curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
    for (;;) {
        curl_easy_setopt(curl, CURLOPT_URL, next);
        curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
        require(curl_easy_perform(curl), next);

        if (name != NULL) {
            struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
            if (getaddrinfo(name, NULL, &hints, &found) != 0) return 1;
            freeaddrinfo(found);
        }

        snprintf(response, sizeof response, "http://%s/2018-06-01/runtime/invocation/%s/response", api, request_id);
        curl_easy_setopt(curl, CURLOPT_URL, response);
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, "{}");
        require(curl_easy_perform(curl), response);
    }
}

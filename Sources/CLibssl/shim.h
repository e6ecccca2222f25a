// OpenSSL's store of trusted certificates, which libcurl lets its user fill.
#pragma once

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

// A macro, which Swift does not see.
static inline void promoter_ssl_context_read_ahead(SSL_CTX *context) { SSL_CTX_set_read_ahead(context, 1); }

// OpenSSL's store of trusted certificates, which libcurl lets its user fill.
#pragma once

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

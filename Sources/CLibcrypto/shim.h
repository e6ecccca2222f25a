// SHA-256 and HMAC-SHA256 of OpenSSL: all the cryptography that Signature Version 4 needs.
#pragma once

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

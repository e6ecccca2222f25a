// A library to preload, not to call: it stands in front of getaddrinfo. See getaddrinfo.c.
#pragma once

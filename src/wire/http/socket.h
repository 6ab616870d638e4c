// Sockets: listen, connect, name.
#pragma once

#include <string>

#include "base/result.h"
#include "sys/context.h"
#include "sys/unique_fd.h"

struct sockaddr;

namespace fleet::http {

// A non-blocking listener. "" and "::" listen on all addresses of both families.
Result<sys::UniqueFd> listen_on(const std::string& address, int port);
int local_port(int fd);
// "127.0.0.1:40312", "[::1]:40312".
std::string address_text(const sockaddr* address, unsigned size);
// No delay for small writes; a peer that vanished is noticed within two minutes.
void tune_socket(int fd);
// Tries all addresses of a host, in order. ServiceUnavailable with the reason.
Result<sys::UniqueFd> connect_to(const Context& ctx, const std::string& host, int port);

}  // namespace fleet::http

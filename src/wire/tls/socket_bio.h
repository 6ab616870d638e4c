// The TLS library's way to a socket: like its own, but a peer that is gone is an error, never a
// SIGPIPE, on whatever thread. Not for others.
#pragma once

struct bio_st;

namespace fleet::tls {

// Does not own the descriptor. Null when out of memory.
bio_st* new_socket_bio(int fd);

}  // namespace fleet::tls

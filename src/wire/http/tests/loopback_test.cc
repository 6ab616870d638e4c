#include "loopback.h"

#include <unistd.h>

#include "sys/wait_fd.h"
#include "wire/http/socket.h"

namespace fleet::http {

std::string talk(int port, std::string_view bytes, std::string_view until) {
  const Context ctx = Loopback::ctx();
  const auto fd = connect_to(ctx, "127.0.0.1", port).value();
  if (::write(fd.get(), bytes.data(), bytes.size()) < 0) return "write failed";
  std::string answer;
  while (answer.find(until) == std::string::npos) {
    if (!sys::wait_fd(ctx, fd.get(), sys::Ready::Read).ok()) return answer + "<timeout>";
    char buffer[4096];
    const ssize_t n = ::read(fd.get(), buffer, sizeof buffer);
    if (n <= 0) break;
    answer.append(buffer, static_cast<size_t>(n));
  }
  return answer;
}

}  // namespace fleet::http

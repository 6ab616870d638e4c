#include "sys/unique_fd.h"

#include <unistd.h>

namespace fleet::sys {

void UniqueFd::reset(int fd) {
  if (fd_ >= 0) ::close(fd_);
  fd_ = fd;
}

}  // namespace fleet::sys

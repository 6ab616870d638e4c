// The git program in a closed environment, with one remote's credentials.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "sys/context.h"
#include "sys/files.h"
#include "wire/git/remote.h"
#include "wire/git/url.h"

namespace fleet::git {

// The name and password to log in with: those of the options, else those in the URL.
struct Login {
  std::string name;
  std::string password;
  bool empty() const { return name.empty() && password.empty(); }
};
Login login_of(const RemoteOptions& options, const RemoteUrl& url);

// The system's certificate authorities, the remote's own, and those for proxies, in PEM.
std::string trusted_authorities(const RemoteOptions& options);

class Program {
 public:
  // Writes keys and certificates to a temporary folder, which goes with the Program.
  static Result<Program> prepare(const RemoteOptions& options, const RemoteUrl& url);

  // `input` is what the program reads. A failure becomes an Error by what it wrote.
  Result<std::string> run(const Context& ctx,
                          const std::vector<std::string>& args,
                          std::string input = {},
                          const std::map<std::string, std::string>& more_env = {}) const;
  // An empty bare repository in the temporary folder, which `run` then works in.
  Result<> make_repository(const Context& ctx);
  void set_max_output(size_t bytes) { max_output_ = bytes; }

 private:
  explicit Program(sys::TempFolder folder)
      : folder_(std::move(folder)) {}
  void configure(const RemoteOptions& options, const RemoteUrl& url);
  Result<> configure_ssh(const RemoteOptions& options);
  void set_config(std::string key, std::string value);

  sys::TempFolder folder_;
  std::map<std::string, std::string> env_;
  int config_count_ = 0;
  std::string repository_;
  size_t max_output_ = size_t{64} << 20;
};

// What a failed run means, by the last lines that the program wrote to its error output.
Error explain_failure(const std::string& errors, int exit_code);

}  // namespace fleet::git

// What the process was started with, and what it uses.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace fleet::sys {

std::optional<std::string> env(const std::string& name);
std::map<std::string, std::string> all_env();
std::string host_name();
std::string home_folder();       // $HOME, else the one in the user database, else "/"
std::string program_path();      // of the running program, for starting it again
std::string temporary_folder();  // $TMPDIR or /tmp
int process_id();
bool is_root();
uint64_t resident_bytes();  // of this process, now
bool is_terminal(int fd);

}  // namespace fleet::sys

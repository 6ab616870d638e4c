# Flags of each kind of build, warnings, ccache and the linker.
include_guard()

find_program(FLEET_CCACHE ccache)
if(FLEET_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${FLEET_CCACHE})
endif()
find_program(FLEET_MOLD mold)
if(FLEET_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-fno-strict-aliasing -ffunction-sections -fdata-sections)
add_link_options(-Wl,--gc-sections)

if(FLEET_KIND STREQUAL "release")
  add_compile_options(-O2 -g0)
  # At a fixed address and with the C++ library inside, as Go links the tools that we stand beside:
  # OpenSSL's tables alone are 400 KB of pointers to relocate, which costs every start half a
  # millisecond and half a megabyte. Stack, heap and the C library still move.
  add_link_options(-s -no-pie -static-libstdc++ -static-libgcc)
elseif(FLEET_KIND STREQUAL "debug")
  add_compile_options(-O0 -g1)
elseif(FLEET_KIND STREQUAL "asan")
  # Without calls into the runtime, and with UBSan's checks of every dereference, files take twice as long.
  # The kind fuzz keeps those; here a null dereference is still ASan's to find.
  add_compile_options(-O1 -g1 -fsanitize=address,undefined -fno-sanitize=null,alignment,object-size,vptr
      -fno-sanitize-recover=all -fno-omit-frame-pointer --param=asan-instrumentation-with-call-threshold=0)
  add_link_options(-fsanitize=address,undefined)
elseif(FLEET_KIND STREQUAL "tsan")
  add_compile_options(-O1 -g1 -fsanitize=thread)
  add_link_options(-fsanitize=thread)
elseif(FLEET_KIND STREQUAL "fuzz")
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "the kind fuzz needs clang: configure with -DCMAKE_CXX_COMPILER=clang++-14")
  endif()
  add_compile_options(-O1 -g1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
else()
  message(FATAL_ERROR "FLEET_KIND is '${FLEET_KIND}'; it must be release, debug, asan, tsan or fuzz")
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast
    -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these two falsely for std::variant and std::string at -O1 and above.
  add_compile_options(-Wduplicated-cond -Wno-maybe-uninitialized -Wno-restrict)
  if(NOT FLEET_KIND STREQUAL "debug")
    # With inlining it also sees copies of short strings run out of their buffers, where none do.
    add_compile_options(-Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread
        -Wno-free-nonheap-object -Wno-use-after-free -Wno-nonnull)
  endif()
else()
  add_compile_options(-Wno-gnu-statement-expression)
endif()

find_package(Threads REQUIRED)
link_libraries(Threads::Threads)

# Third-party libraries, each named once here and linked by its keeper alone (SYSTEM in the table).
# Release programs are static, so that one file is all there is to install.
option(FLEET_STATIC "link third-party libraries statically" ON)
function(fleet_library name archive)
  find_library(FLEET_LIB_${name} NAMES ${archive} REQUIRED)
  add_library(lib::${name} INTERFACE IMPORTED GLOBAL)
  target_link_libraries(lib::${name} INTERFACE ${FLEET_LIB_${name}} ${ARGN})
endfunction()
if(FLEET_STATIC AND FLEET_KIND STREQUAL "release")
  set(CMAKE_FIND_LIBRARY_SUFFIXES .a)
endif()
fleet_library(crypto crypto dl)
fleet_library(ssl ssl lib::crypto)
fleet_library(nghttp2 nghttp2)
fleet_library(zlib z)
fleet_library(re2 re2)
fleet_library(crypt crypt)
fleet_library(sqlite sqlite3 dl m)

# Tables of expectations are long and run once: the sanitizers' kinds do not optimize test programs, only rooms.
if(FLEET_KIND MATCHES "^(asan|tsan)$")
  set(FLEET_TEST_OPTIONS -O0)
endif()

# One precompiled header for the standard library, one for tests: each about four times faster.
add_library(fleet-pch OBJECT ${CMAKE_SOURCE_DIR}/cmake/pch.cc)
target_precompile_headers(fleet-pch PRIVATE ${CMAKE_SOURCE_DIR}/cmake/pch.h)
if(FLEET_KIND STREQUAL "release")
  add_library(fleet-pch-small OBJECT ${CMAKE_SOURCE_DIR}/cmake/pch.cc)
  target_compile_options(fleet-pch-small PRIVATE -Os)
  target_precompile_headers(fleet-pch-small PRIVATE ${CMAKE_SOURCE_DIR}/cmake/pch.h)
endif()
find_package(GTest REQUIRED)
add_library(fleet-pch-test OBJECT ${CMAKE_SOURCE_DIR}/cmake/pch_test.cc)
target_compile_options(fleet-pch-test PRIVATE ${FLEET_TEST_OPTIONS})
target_precompile_headers(fleet-pch-test PRIVATE ${CMAKE_SOURCE_DIR}/cmake/pch_test.h)
target_link_libraries(fleet-pch-test PRIVATE GTest::gtest)

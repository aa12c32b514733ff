# What the compiler is built with: C++20, Debian's LLVM/MLIR 19.1, ONNX and Protobuf.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF) # writes -std= into the compile database, which clang-tidy needs
set(CMAKE_C_STANDARD 99)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

find_program(NNC_LLVM_CONFIG NAMES llvm-config-19 llvm-config REQUIRED)
execute_process(COMMAND ${NNC_LLVM_CONFIG} --prefix OUTPUT_VARIABLE NNC_LLVM_PREFIX
                OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
# LLVM's version file compares major and minor, so "19" alone would not match.
find_package(MLIR 19.1 REQUIRED CONFIG HINTS "${NNC_LLVM_PREFIX}/lib/cmake/mlir")
find_package(ONNX REQUIRED CONFIG)
find_package(Protobuf REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto) # SHA-256
find_package(ZLIB REQUIRED) # compressed .npz

list(APPEND CMAKE_MODULE_PATH "${MLIR_CMAKE_DIR}" "${LLVM_CMAKE_DIR}")
set(LLVM_TABLEGEN_EXE "${LLVM_TOOLS_BINARY_DIR}/llvm-tblgen")
include(TableGen)
include(AddLLVM)
include(AddMLIR)

include_directories(SYSTEM ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
include_directories("${PROJECT_SOURCE_DIR}/include" "${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}/include"
                    "${PROJECT_BINARY_DIR}")

# -Wno-deprecated-declarations: GCC 12's <algorithm> uses what C++20 deprecates.
add_compile_options(-Wall -Wextra -Wno-unused-parameter -Wno-deprecated-declarations)
# A product and a sum are fused only where the code says fma: the oracle rounds as NumericSpec writes, and weights and
# coefficients come out the same whatever the compiler was built for.
add_compile_options(-ffp-contract=off)
if(NNC_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()
if(NNC_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link) # coverage, which steers the fuzzer
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # Lets ccache reuse objects that were built through the precompiled header.
  add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")
endif()

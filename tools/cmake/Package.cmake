# find_package(NNCompile), from the build tree and after `cmake --install`, under the same relative paths:
# <prefix>/bin/nn-compile and <prefix>/lib/cmake/NNCompile.
include(CMakePackageConfigHelpers)
set(NNC_PACKAGE_DIR "lib/cmake/NNCompile")
configure_file("${CMAKE_CURRENT_LIST_DIR}/NNCompileConfig.cmake"
               "${PROJECT_BINARY_DIR}/${NNC_PACKAGE_DIR}/NNCompileConfig.cmake" COPYONLY)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/${NNC_PACKAGE_DIR}/NNCompileConfigVersion.cmake"
                                 COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/${NNC_PACKAGE_DIR}/NNCompileConfig.cmake"
              "${PROJECT_BINARY_DIR}/${NNC_PACKAGE_DIR}/NNCompileConfigVersion.cmake"
        DESTINATION "${NNC_PACKAGE_DIR}")

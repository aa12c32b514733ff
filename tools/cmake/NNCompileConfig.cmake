# find_package(NNCompile): the program and nn_add_network. Installed, and in a build tree under the same relative path.
#
#   nn_add_network(kws MODEL kws.onnx TARGET x86 CPU x86-64-v3 OPTIONS -ram=64K)
#   target_link_libraries(app PRIVATE kws)          # app may #include "kws.h" and call kws_run()
get_filename_component(_nnc_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
find_program(NNCompile_EXECUTABLE NAMES nn-compile PATHS "${_nnc_prefix}/bin" NO_DEFAULT_PATH)
unset(_nnc_prefix)
if(NOT NNCompile_EXECUTABLE)
  set(NNCompile_FOUND FALSE)
  set(NNCompile_NOT_FOUND_MESSAGE "nn-compile is not beside ${CMAKE_CURRENT_LIST_FILE}: build it first")
  return()
endif()

# nn_add_network(NAME MODEL FILE [TARGET x86] [CPU NAME] [OPTIONS …]): a static library NAME made of a model.
#   MODEL    .onnx or .mlir; a relative path is looked up in the current source folder
#   TARGET   x86 (the default)
#   CPU      as nn-compile's -cpu
#   OPTIONS  further options of nn-compile
# The library recompiles when the model, its external data or nn-compile change; if the network's code stays the same,
# nothing that uses it is rebuilt.
function(nn_add_network name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "MODEL;TARGET;CPU" "OPTIONS")
  if(NOT ARG_MODEL OR ARG_UNPARSED_ARGUMENTS OR ARG_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "nn_add_network(NAME MODEL FILE [TARGET x86] [CPU NAME] [OPTIONS ...])")
  endif()
  if(NOT name MATCHES "^[A-Za-z_][A-Za-z0-9_]*$")
    message(FATAL_ERROR "nn_add_network: '${name}' is not a C identifier")
  endif()
  if(NOT ARG_TARGET)
    set(ARG_TARGET x86)
  endif()
  if(ARG_CPU)
    set(cpu "-cpu=${ARG_CPU}")
  endif()
  cmake_path(ABSOLUTE_PATH ARG_MODEL NORMALIZE)

  # A library needs a linker, and any language's will do.
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if("C" IN_LIST languages)
    set(language C)
  elseif("CXX" IN_LIST languages)
    set(language CXX)
  else()
    message(FATAL_ERROR "nn_add_network: the project uses neither C nor CXX")
  endif()

  set(folder "${CMAKE_CURRENT_BINARY_DIR}/${name}.network")
  set(object "${folder}/${name}.o") # as nn-compile calls it
  # nn-compile leaves files alone whose bytes stay the same. Ninja understands that; make would ask again for ever.
  if(NOT CMAKE_GENERATOR MATCHES "Ninja")
    set(touch COMMAND "${CMAKE_COMMAND}" -E touch_nocreate "${object}")
  endif()
  add_custom_command(
    OUTPUT "${object}" "${folder}/${name}.h" "${folder}/${name}.json"
    COMMAND "${NNCompile_EXECUTABLE}" "${ARG_MODEL}" -target=${ARG_TARGET} ${cpu} -name=${name} -o "${folder}" -q
            -MD -MF "${folder}.d" ${ARG_OPTIONS}
    ${touch}
    DEPENDS "${ARG_MODEL}" "${NNCompile_EXECUTABLE}"
    DEPFILE "${folder}.d"
    COMMENT "Compiling network ${name}"
    VERBATIM)

  add_library(${name} STATIC "${object}")
  set_source_files_properties("${object}" PROPERTIES EXTERNAL_OBJECT TRUE)
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE ${language})
  target_include_directories(${name} SYSTEM INTERFACE "${folder}")
endfunction()

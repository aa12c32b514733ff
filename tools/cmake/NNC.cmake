# The house rules as CMake functions. A stage may link dialects, Support and what the house plan grants it, never
# another stage: stages meet in lib/Pipeline only.

set(NNC_STAGES NNCImport NNCGraph NNCFusion NNCQuantization NNCSchedule NNCDataflow NNCSequencer NNCKernels NNCTargetCPU NNCTargetX86
    NNCTargetHLS NNCVerify NNCInterpreter)

# What a room may link beyond dialects and Support (the table of docs/Stages.md).
set(NNC_GRANTS_NNCGraph NNCInterpreter)
set(NNC_GRANTS_NNCQuantization NNCInterpreter)
set(NNC_GRANTS_NNCTargetCPU NNCKernels)
set(NNC_GRANTS_NNCTargetX86 NNCTargetCPU NNCKernels)

# One precompiled header for everything that includes MLIR.
function(nnc_use_pch target)
  if(NNC_PCH)
    if(NOT TARGET NNCPrecompiled)
      file(GENERATE OUTPUT "${PROJECT_BINARY_DIR}/NNCPrecompiled.cpp" CONTENT "")
      add_library(NNCPrecompiled OBJECT "${PROJECT_BINARY_DIR}/NNCPrecompiled.cpp")
      target_precompile_headers(NNCPrecompiled PRIVATE
        <mlir/IR/Builders.h> <mlir/IR/BuiltinAttributes.h> <mlir/IR/BuiltinOps.h> <mlir/IR/BuiltinTypes.h>
        <mlir/IR/OpImplementation.h> <mlir/IR/PatternMatch.h> <mlir/Pass/Pass.h>
        <mlir/Dialect/Func/IR/FuncOps.h> <mlir/Interfaces/SideEffectInterfaces.h> <mlir/IR/DialectResourceBlobManager.h>)
    endif()
    target_precompile_headers(${target} REUSE_FROM NNCPrecompiled)
  endif()
endfunction()

# nnc_add_library(NAME sources… [LINKS …] [NO_MLIR]): a room that is not a stage.
function(nnc_add_library name)
  cmake_parse_arguments(ARG "NO_MLIR" "" "LINKS;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  if(ARG_NO_MLIR)
    target_link_libraries(${name} PUBLIC ${ARG_LINKS} LLVM)
  else()
    target_link_libraries(${name} PUBLIC ${ARG_LINKS} MLIR LLVM)
    nnc_use_pch(${name})
  endif()
  # Every generated header exists before any file of ours is compiled.
  if(NOT ARG_NO_MLIR)
    add_dependencies(${name} nnc-tablegen)
  endif()
endfunction()

# nnc_add_stage(NAME sources… [LINKS …] [NO_MLIR]): a room on the road from model to object.
function(nnc_add_stage name)
  cmake_parse_arguments(ARG "NO_MLIR" "" "LINKS" ${ARGN})
  foreach(link IN LISTS ARG_LINKS)
    if(link IN_LIST NNC_STAGES AND NOT link IN_LIST NNC_GRANTS_${name})
      message(FATAL_ERROR "${name} links ${link}: stages meet in lib/Pipeline only")
    endif()
  endforeach()
  nnc_add_library(${ARGV})
endfunction()

# nnc_add_dialect(NAME PREFIX dialect): TableGen of dialects/PREFIX/PREFIX{Ops,Attrs}.td into the build tree.
function(nnc_add_dialect prefix dialect)
  set(LLVM_TARGET_DEFINITIONS ${prefix}Ops.td)
  mlir_tablegen(${prefix}Ops.h.inc -gen-op-decls)
  mlir_tablegen(${prefix}Ops.cpp.inc -gen-op-defs)
  mlir_tablegen(${prefix}Dialect.h.inc -gen-dialect-decls -dialect=${dialect})
  mlir_tablegen(${prefix}Dialect.cpp.inc -gen-dialect-defs -dialect=${dialect})
  mlir_tablegen(${prefix}Attrs.h.inc -gen-attrdef-decls -attrdefs-dialect=${dialect})
  mlir_tablegen(${prefix}Attrs.cpp.inc -gen-attrdef-defs -attrdefs-dialect=${dialect})
  mlir_tablegen(${prefix}Types.h.inc -gen-typedef-decls -typedefs-dialect=${dialect})
  mlir_tablegen(${prefix}Types.cpp.inc -gen-typedef-defs -typedefs-dialect=${dialect})
  mlir_tablegen(${prefix}Enums.h.inc -gen-enum-decls)
  mlir_tablegen(${prefix}Enums.cpp.inc -gen-enum-defs)
  add_public_tablegen_target(NNC${prefix}Tablegen)
  add_dependencies(nnc-tablegen NNC${prefix}Tablegen)
  nnc_add_doc(${prefix}Ops.td Dialects/${prefix}.md -gen-dialect-doc -dialect=${dialect})
endfunction()

# nnc_add_passes(ROOM): include/nnc/ROOM/Passes.td -> nnc/ROOM/Passes.h.inc and its page of docs.
function(nnc_add_passes room)
  string(REPLACE "/" "" group ${room})
  set(LLVM_TARGET_DEFINITIONS ${PROJECT_SOURCE_DIR}/include/nnc/${room}/Passes.td)
  set(dir ${PROJECT_BINARY_DIR}/include/nnc/${room})
  file(MAKE_DIRECTORY ${dir})
  file(RELATIVE_PATH out ${CMAKE_CURRENT_BINARY_DIR} ${dir}/Passes.h.inc)
  mlir_tablegen(${out} -gen-pass-decls -name=${group})
  add_public_tablegen_target(NNC${group}PassesTablegen)
  add_dependencies(nnc-tablegen NNC${group}PassesTablegen)
  nnc_add_doc(${LLVM_TARGET_DEFINITIONS} Passes/${room}.md -gen-pass-doc)
endfunction()

# A page of generated documentation, made by the target `docs`.
function(nnc_add_doc td page)
  get_filename_component(td "${td}" ABSOLUTE)
  set(out "${PROJECT_BINARY_DIR}/docs/${page}")
  get_filename_component(dir "${out}" DIRECTORY)
  file(MAKE_DIRECTORY "${dir}")
  add_custom_command(OUTPUT ${out}
    COMMAND ${MLIR_TABLEGEN_EXE} ${ARGN} -I ${MLIR_INCLUDE_DIRS} -I ${PROJECT_SOURCE_DIR}
            -I ${PROJECT_SOURCE_DIR}/include ${td} -o ${out}
    DEPENDS ${td})
  string(MAKE_C_IDENTIFIER "doc-${page}" target)
  add_custom_target(${target} DEPENDS ${out})
  add_dependencies(docs ${target})
endfunction()

# nnc_add_tool(NAME sources… LINKS …): a program in build/<preset>/bin.
function(nnc_add_tool name)
  cmake_parse_arguments(ARG "NO_MLIR" "" "LINKS" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${ARG_LINKS})
  # LLVM's libraries live in a folder of their own; the installed program must find them too.
  set_target_properties(${name} PROPERTIES INSTALL_RPATH_USE_LINK_PATH TRUE)
  install(TARGETS ${name} RUNTIME)
  # No precompiled header: programs are position independent in another way than libraries.
  set_property(GLOBAL APPEND PROPERTY NNC_TOOLS ${name}) # what check-nn builds first
  if(NOT ARG_NO_MLIR)
    add_dependencies(${name} nnc-tablegen)
  endif()
endfunction()

add_custom_target(nnc-tablegen)
add_custom_target(docs)

#!/bin/sh
# Builds the software GPU and a module image.
#   build.sh libraries OUT             -> OUT/libcuda.so.1, OUT/libcublas.so.12,
#                                         OUT/libcublasLt.so.12
#   build.sh image OUT/NAME.so SOURCE  -> SOURCE for the host; includes are looked for beside it and
#                                         in src/main/cuda; OUT must hold the libraries
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cuda=$here/../../main/cuda
compile="${CXX:-g++} -std=gnu++17 -fPIC -fvisibility=hidden -pthread -Wall -Wextra"

# Every symbol that JCuda's natives import must exist; the ones nobody wrote answer an error.
stubs() { # LIST FALLBACK
  echo "extern \"C\" __attribute__((visibility(\"hidden\"))) int $2(const char* name);"
  while read -r name; do
    echo "extern \"C\" __attribute__((weak, visibility(\"default\"))) int $name() {"
    echo "  return $2(\"$name\");"
    echo "}"
  done < "$here/$1"
}

libraries() {
  work=$1/build
  mkdir -p "$work"
  stubs driver_symbols.txt softgpuUnsupported > "$work/driver_stubs.cpp"
  stubs cublas_symbols.txt softgpuCublasUnsupported > "$work/cublas_stubs.cpp"
  objects=
  for source in block block_faults block_memory memory faults workers work graph driver_device \
      driver_memory driver_module driver_stream library_abi sanitizer; do
    $compile -O2 -ftls-model=initial-exec -c "$here/$source.cpp" -o "$work/$source.o"
    objects="$objects $work/$source.o"
  done
  $compile -O2 -shared -Wl,-soname,libcuda.so.1 -Wl,-z,defs $objects "$work/driver_stubs.cpp" -ldl \
    -o "$1/libcuda.so.1"
  $compile -O3 -march=native -shared -Wl,-soname,libcublas.so.12 -Wl,-z,defs \
    -Wl,--version-script="$here/cublas.map" "$here/cublas.cpp" "$here/gemm.cpp" \
    "$work/cublas_stubs.cpp" -L"$1" -l:libcuda.so.1 -o "$1/libcublas.so.12"
  $compile -O3 -march=native -shared -Wl,-soname,libcublasLt.so.12 -Wl,-z,defs \
    -Wl,--version-script="$here/cublaslt.map" "$here/cublaslt.cpp" "$here/gemm.cpp" \
    -L"$1" -l:libcuda.so.1 -o "$1/libcublasLt.so.12"
}

image() {
  out=$(dirname "$1")
  unit=$1.cpp
  options="-I$here -I$cuda -I$(dirname "$2") -DGALEN_SOFTWARE_GPU -include $here/cuda_language.h"
  # Kernels of ENTRY macros are found in the preprocessed source only.
  name='[A-Za-z_0-9]+'
  bounds='SOFTGPU_BOUNDS\([^()]*(\([^()]*\)[^()]*)*\)'
  {
    echo "#include \"$2\""
    ${CXX:-g++} -E -P -x c++ -std=gnu++17 $options -DSOFTGPU_LIST_KERNELS "$2" | tr '\n' ' ' |
      grep -oE "extern \"C\" SOFTGPU_GLOBAL void( $bounds)? +$name *\(" |
      sed -E -e 's/ *\($//' \
        -e "s/.* void SOFTGPU_BOUNDS\((.*)\) +($name)$/SOFTGPU_KERNEL(\2, , \1)/" \
        -e "s/.* ($name)$/SOFTGPU_KERNEL(\1)/"
  } > "$unit"
  # Linked without -fsanitize: sanitizer.cpp takes the place of libubsan.
  $compile -O2 -march=native -fno-strict-aliasing -fno-gnu-unique -fstack-clash-protection -w \
    -fsanitize=alignment,bounds -fno-sanitize-recover=all $options -c "$unit" -o "$1.o"
  $compile -shared -Wl,-z,defs "$1.o" -L"$out" -l:libcuda.so.1 -o "$1"
}

"$@"

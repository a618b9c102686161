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

# Every symbol that JCuda's natives import must exist; the ones that nobody wrote answer an error.
stubs() { # LIST FALLBACK
  echo "extern \"C\" __attribute__((visibility(\"hidden\"))) int $2(const char* name);"
  sed -E "s/(.+)/extern \"C\" __attribute__((weak, visibility(\"default\"))) int \1() { return $2(\"\1\"); }/" \
    "$here/$1"
}

libraries() {
  work=$1/build
  mkdir -p "$work"
  stubs driver_symbols.txt softgpuUnsupported > "$work/driver_stubs.cpp"
  stubs cublas_symbols.txt softgpuCublasUnsupported > "$work/cublas_stubs.cpp"
  objects=
  for source in block memory faults workers work graph driver_device driver_memory driver_module \
      driver_stream library_abi sanitizer; do
    $compile -O2 -ftls-model=initial-exec -c "$here/$source.cpp" -o "$work/$source.o"
    objects="$objects $work/$source.o"
  done
  $compile -O2 -shared -Wl,-soname,libcuda.so.1 -Wl,-z,defs $objects "$work/driver_stubs.cpp" -ldl \
    -o "$1/libcuda.so.1"
  $compile -O3 -march=native -shared -Wl,-soname,libcublas.so.12 -Wl,-z,defs \
    -Wl,--version-script="$here/cublas.map" "$here/cublas.cpp" "$here/gemm.cpp"\
    "$work/cublas_stubs.cpp" -L"$1" -l:libcuda.so.1 -o "$1/libcublas.so.12"
  $compile -O3 -march=native -shared -Wl,-soname,libcublasLt.so.12 -Wl,-z,defs \
    -Wl,--version-script="$here/cublaslt.map" "$here/cublaslt.cpp" "$here/gemm.cpp" \
    -L"$1" -l:libcuda.so.1 -o "$1/libcublasLt.so.12"
}

image() {
  out=$(dirname "$1")
  unit=$1.cpp
  options="-I$here -I$cuda -I$(dirname "$2") -DGALEN_SOFTWARE_GPU -include $here/cuda_language.h"
  {
    echo "#include \"$2\""
    # Kernels of ENTRY macros are found in the preprocessed source only.
    ${CXX:-g++} -E -P -x c++ -std=gnu++17 $options -DSOFTGPU_LIST_KERNELS "$2" | tr '\n' ' ' |
      grep -oE 'extern "C" SOFTGPU_GLOBAL void( SOFTGPU_BOUNDS\([^()]*(\([^()]*\)[^()]*)*\))? +[A-Za-z_0-9]+ *\(' |
      sed -E 's/ *\($//; s/.* void SOFTGPU_BOUNDS\((.*)\) +([A-Za-z_0-9]+)$/SOFTGPU_KERNEL(\2, , \1)/; s/.* ([A-Za-z_0-9]+)$/SOFTGPU_KERNEL(\1)/'
  } > "$unit"
  $compile -O2 -march=native -fno-strict-aliasing -fno-gnu-unique -fstack-clash-protection -w \
    -fsanitize=alignment,bounds -fno-sanitize-recover=all $options -shared -Wl,-z,defs "$unit" \
    -L"$out" -l:libcuda.so.1 -o "$1"
}

"$@"

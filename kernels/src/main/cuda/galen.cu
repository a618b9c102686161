// All kernels in one image: what nvcc, NVRTC and the software GPU compile.
#include "copy.cu"
#include "matmul.cu"
#include "pointwise.cu"
#include "random.cu"

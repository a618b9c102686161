// The exponential of draws by itself.
#include "sample.cu"

extern "C" __global__ void exponentials(const float* x, float* y, int length) {
  for (int i = gridThread(); i < length; i += gridThreads()) y[i] = sample::expOf(x[i]);
}

// The numbers of the driver API that the stand-in answers with or is asked by.
#pragma once

namespace softgpu {

constexpr int SUCCESS = 0;
constexpr int INVALID_VALUE = 1;
constexpr int OUT_OF_MEMORY = 2;
constexpr int NOT_INITIALIZED = 3;
constexpr int INVALID_DEVICE = 101;
constexpr int INVALID_IMAGE = 200;
constexpr int INVALID_CONTEXT = 201;
constexpr int NO_BINARY_FOR_GPU = 209;
constexpr int FILE_NOT_FOUND = 301;
constexpr int INVALID_HANDLE = 400;
constexpr int NOT_FOUND = 500;
constexpr int NOT_READY = 600;
constexpr int ILLEGAL_ADDRESS = 700;
constexpr int LAUNCH_TIMEOUT = 702;
constexpr int CONTEXT_IS_DESTROYED = 709;
constexpr int ASSERT = 710;
constexpr int MISALIGNED_ADDRESS = 716;
constexpr int LAUNCH_FAILED = 719;
constexpr int NOT_SUPPORTED = 801;
constexpr int CAPTURE_UNSUPPORTED = 900;
constexpr int CAPTURE_INVALIDATED = 901;
constexpr int CAPTURE_UNMATCHED = 903;
constexpr int CAPTURE_UNJOINED = 904;
constexpr int CAPTURE_ISOLATION = 905;
constexpr int CAPTURE_IMPLICIT = 906;
constexpr int CAPTURED_EVENT = 907;
constexpr int CAPTURE_WRONG_THREAD = 908;

}  // namespace softgpu

// Modules, functions and launches.
#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "block.h"
#include "driver.h"
#include "workers.h"

using namespace softgpu;

namespace softgpu {

struct Function {
  const Kernel* kernel;
  struct Module* module;
  unsigned dynamicShared = DEFAULT_SHARED;  // the most that a launch may ask for
};

struct Module {
  void* library;
  std::map<std::string, Function> functions;
  std::vector<uintptr_t> variables;
};

void unload(Module* module) {
  for (uintptr_t variable : module->variables) Memory::device().removeExternal(variable);
  dlclose(module->library);
  delete module;
}

}  // namespace softgpu

namespace {

// Filled by the image's own initialization, which runs inside of dlopen.
std::vector<const Kernel*>* registering = nullptr;

size_t elfBytes(const void* image) {
  auto* header = static_cast<const Elf64_Ehdr*>(image);
  bool elf = !memcmp(header->e_ident, ELFMAG, SELFMAG) && header->e_machine == EM_X86_64;
  return elf ? header->e_shoff + size_t(header->e_shnum) * header->e_shentsize : 0;
}

// dlopen of bytes in memory. A name of its own for each, because dlopen answers a name it knows
// with the library it has.
void* openImage(const void* image, size_t bytes) {
  std::string path = std::filesystem::temp_directory_path() / "softgpu-XXXXXX";
  int file = mkstemp(path.data());
  if (file < 0) return nullptr;
  const char* from = static_cast<const char*>(image);
  void* library = nullptr;
  while (bytes) {
    ssize_t written = write(file, from, bytes);
    if (written <= 0) break;
    from += written;
    bytes -= size_t(written);
  }
  if (!bytes) library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  close(file);
  unlink(path.c_str());
  return library;
}

// The addresses of a parameter block as the device lays it out.
std::vector<size_t> offsets(const Kernel& kernel) {
  constexpr size_t MOST = 16;
  std::vector<size_t> at;
  size_t end = 0;
  for (unsigned i = 0; i < kernel.parameters; i++) {
    size_t size = kernel.sizes[i], alignment = std::min(size & -size, MOST);
    end = (end + alignment - 1) / alignment * alignment;
    at.push_back(end);
    end += size;
  }
  at.push_back(end);
  return at;
}

// The arguments of a launch, which the caller may change as soon as the launch is queued.
struct Arguments {
  std::vector<std::vector<unsigned char>> values;
  std::vector<void*> pointers;

  Arguments(const Kernel& kernel, void** from) {
    for (unsigned i = 0; i < kernel.parameters; i++) {
      auto* bytes = static_cast<const unsigned char*>(from[i]);
      values.emplace_back(bytes, bytes + kernel.sizes[i]);
    }
    for (auto& value : values) pointers.push_back(value.data());
  }
};

// A pointer to host memory would work here, and nowhere else.
Fault checkPointers(const Kernel& kernel, const Arguments& arguments) {
  Memory& memory = Memory::device();
  for (unsigned i = 0; i < kernel.parameters; i++) {
    if (!kernel.pointers[i]) continue;
    uintptr_t address;
    memcpy(&address, arguments.pointers[i], sizeof address);
    if (address && !memory.owns(address) && !memory.contains(address, 0)) {
      return {ILLEGAL_ADDRESS, format("%s: parameter %u is 0x%zx, which is no device memory",
                                      kernel.name, i, size_t(address))};
    }
  }
  return {};
}

Fault refuse(const Function& function, dim3 grid, dim3 block, unsigned dynamicShared) {
  const Kernel& kernel = *function.kernel;
  uint64_t threads = uint64_t(block.x) * block.y * block.z;
  bool empty = !threads || !grid.x || !grid.y || !grid.z;
  bool large = threads > std::min(MAX_THREADS, kernel.maxThreads) || block.z > 64 ||
               grid.x > 0x7fffffffu || grid.y > 65535 || grid.z > 65535;
  if (empty || large) {
    return {INVALID_VALUE,
            format("%s: grid (%u,%u,%u) of blocks (%u,%u,%u), of at most %u threads", kernel.name,
                   grid.x, grid.y, grid.z, block.x, block.y, block.z,
                   std::min(MAX_THREADS, kernel.maxThreads))};
  }
  if (dynamicShared > function.dynamicShared) {
    return {INVALID_VALUE, format("%s: %u bytes of dynamic shared memory, of at most %u",
                                  kernel.name, dynamicShared, function.dynamicShared)};
  }
  return {};
}

}  // namespace

extern "C" __attribute__((visibility("default"))) void softgpuRegister(const Kernel* kernel) {
  if (registering) registering->push_back(kernel);
}

API cuModuleLoadData(Module** module, const void* image) {
  return enter([&](Context& context) -> int {
    size_t bytes = elfBytes(image);
    if (!bytes) {
      return report({NO_BINARY_FOR_GPU, "the image is no host shared object"});
    }
    std::vector<const Kernel*> kernels;
    registering = &kernels;
    void* library = openImage(image, bytes);
    registering = nullptr;
    if (!library) {
      const char* why = dlerror();
      return report({INVALID_IMAGE, why ? why : "the image cannot be written to the disk"});
    }
    *module = new Module{library, {}, {}};
    context.modules.insert(*module);
    for (const Kernel* kernel : kernels) {
      (*module)->functions[kernel->name] = {kernel, *module};
    }
    return SUCCESS;
  });
}

API cuModuleLoadDataEx(Module** module, const void* image, unsigned, void*, void**) {
  return cuModuleLoadData(module, image);
}

API cuModuleLoadFatBinary(Module** module, const void* image) {
  return cuModuleLoadData(module, image);
}

API cuModuleLoad(Module** module, const char* path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return report({FILE_NOT_FOUND, format("cannot read %s", path)});
  std::vector<char> image{std::istreambuf_iterator<char>(file), {}};
  image.resize(std::max(image.size(), sizeof(Elf64_Ehdr)));
  return cuModuleLoadData(module, image.data());
}

API cuModuleUnload(Module* module) {
  return enter([&](Context& context) {
    int result = waitForAll(&context);
    if (!context.modules.erase(module)) return report({INVALID_HANDLE, "no such module"});
    unload(module);
    return result;
  });
}

API cuModuleGetFunction(Function** function, Module* module, const char* name) {
  return enter([&](Context&) -> int {
    auto found = module->functions.find(name);
    if (found == module->functions.end()) {
      return report({NOT_FOUND, format("the image has no kernel %s", name)});
    }
    *function = &found->second;
    return SUCCESS;
  });
}

API cuModuleGetGlobal_v2(DevicePointer* pointer, size_t* bytes, Module* module, const char* name) {
  return enter([&](Context&) -> int {
    void* variable = dlsym(module->library, name);
    if (!variable) return report({NOT_FOUND, format("the image has no variable %s", name)});
    Dl_info information;
    const ElfW(Sym)* symbol = nullptr;
    void* extra = nullptr;
    dladdr1(variable, &information, &extra, RTLD_DL_SYMENT);
    symbol = static_cast<const ElfW(Sym)*>(extra);
    Memory::device().addExternal(uintptr_t(variable), symbol->st_size, false);
    module->variables.push_back(uintptr_t(variable));
    if (pointer) *pointer = DevicePointer(uintptr_t(variable));
    if (bytes) *bytes = symbol->st_size;
    return SUCCESS;
  });
}

API cuModuleGetLoadingMode(int* mode) {
  *mode = 1;  // eager
  return SUCCESS;
}

API cuFuncGetModule(Module** module, Function* function) {
  *module = function->module;
  return SUCCESS;
}

enum FunctionAttribute {
  MAX_THREADS_PER_BLOCK = 0,
  REGISTERS = 4,
  BINARY_VERSION = 6,
  MAX_DYNAMIC_SHARED = 8
};

API cuFuncGetAttribute(int* value, int attribute, Function* function) {
  switch (attribute) {
    case MAX_THREADS_PER_BLOCK:
      *value = int(std::min(MAX_THREADS, function->kernel->maxThreads));
      break;
    case MAX_DYNAMIC_SHARED: *value = int(function->dynamicShared); break;
    case REGISTERS: *value = 32; break;
    case BINARY_VERSION: *value = ARCHITECTURE_MAJOR * 10 + ARCHITECTURE_MINOR; break;
    default: *value = 0;
  }
  return SUCCESS;
}

API cuFuncSetAttribute(Function* function, int attribute, int value) {
  if (attribute != MAX_DYNAMIC_SHARED) return SUCCESS;
  if (value < 0 || unsigned(value) > MAX_SHARED) {
    return report({INVALID_VALUE, format("%s: %d bytes of dynamic shared memory, of at most %u",
                                         function->kernel->name, value, MAX_SHARED)});
  }
  function->dynamicShared = unsigned(value);
  return SUCCESS;
}

API cuFuncSetCacheConfig(Function*, int) { return SUCCESS; }

API cuFuncGetName(const char** name, Function* function) {
  *name = function->kernel->name;
  return SUCCESS;
}

API cuFuncGetParamInfo(Function* function, size_t index, size_t* offset, size_t* size) {
  if (index >= function->kernel->parameters) return INVALID_VALUE;
  *offset = offsets(*function->kernel)[index];
  if (size) *size = function->kernel->sizes[index];
  return SUCCESS;
}

API cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, Function*, int threads, size_t) {
  *blocks = threads > 0 ? int(MAX_THREADS) / threads : 0;
  return SUCCESS;
}

API cuLaunchKernel(Function* function, unsigned gridX, unsigned gridY, unsigned gridZ,
                   unsigned blockX, unsigned blockY, unsigned blockZ, unsigned dynamicShared,
                   StreamHandle handle, void** parameters, void** extra) {
  return enterStream(handle, [&](Context&, Stream* stream) -> int {
    if (!function) return report({INVALID_HANDLE, "no such function"});
    dim3 grid(gridX, gridY, gridZ), block(blockX, blockY, blockZ);
    const Kernel& kernel = *function->kernel;
    if (Fault fault = refuse(*function, grid, block, dynamicShared)) return report(fault);
    if (extra || (kernel.parameters && !parameters)) {
      return report({INVALID_VALUE, format("%s: no parameters", kernel.name)});
    }
    auto arguments = std::make_shared<Arguments>(kernel, parameters);
    return submit(stream, [&kernel, arguments, grid, block, dynamicShared] {
      Fault fault = checkPointers(kernel, *arguments);
      if (fault) return fault;
      return runKernel(&kernel, arguments->pointers.data(), grid, block, dynamicShared);
    });
  });
}

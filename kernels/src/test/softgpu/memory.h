// Device memory: a range of addresses of which only live allocations can be touched.
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "faults.h"

namespace softgpu {

struct Context;
struct Trap;

enum class Kind { DEVICE, HOST };

struct Allocation {
  uintptr_t address;
  size_t bytes;
  uintptr_t pages;  // where its pages begin
  size_t pagesBytes;
  Kind kind;
  Context* owner;
  bool open;  // a stream-ordered allocation is closed until its stream comes to it
};

// Each allocation ends at a page that nobody may touch, and is followed by a gap. What alignment
// leaves between it and that page, and the bytes before it, hold a pattern that is checked after
// every kernel. Addresses of freed memory are not given again before all others were used.
class Memory {
 public:
  static Memory& device();

  // Addresses for so many bytes, or 0 when the device is full.
  uintptr_t reserve(size_t bytes, Kind kind, Context* owner);
  void open(uintptr_t address);   // filled with NaN
  void close(uintptr_t address);  // any access faults
  bool release(uintptr_t address);
  void releaseAll(Context* owner);

  // Whether [address, address + bytes) lies in one allocation, open or not, a module's variable or
  // page-locked host memory.
  bool contains(uintptr_t address, size_t bytes, bool open = false);
  bool pinned(uintptr_t address);
  bool find(uintptr_t address, Allocation* found);
  void addExternal(uintptr_t address, size_t bytes, bool hostMemory);
  bool removeExternal(uintptr_t address);

  bool owns(uintptr_t address) const { return address - base < RANGE; }
  // "12 bytes past the end of the allocation of 400 bytes at 0x..."
  std::string describe(uintptr_t address);
  Fault checkSlack();

  void setCapacity(size_t bytes);
  size_t capacity();
  size_t used();

 private:
  static constexpr size_t RANGE = size_t(8) << 40;
  struct External {
    size_t bytes;
    bool hostMemory;
  };
  std::mutex lock;
  uintptr_t base, next;
  size_t limit, inUse = 0;
  std::map<uintptr_t, Allocation> live;
  std::map<uintptr_t, External> external;
  std::deque<Allocation> freed;  // the latest ones, for describe

  Memory();
  uintptr_t place(size_t bytes);
  void releaseLocked(std::map<uintptr_t, Allocation>::iterator at);
};

// The calling thread's copy of the thread-local variables of the module that owns an address.
struct ThreadLocalRange {
  unsigned char* begin;
  size_t bytes;
};
ThreadLocalRange threadLocalsAt(const void* address);

Fault describeTrap(const Trap& trap);

}  // namespace softgpu

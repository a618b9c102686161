#include "memory.h"

#include <link.h>
#include <sys/mman.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "block.h"
#include "codes.h"

namespace softgpu {
namespace {

constexpr size_t ALIGNMENT = 256;  // as cuMemAlloc promises
constexpr size_t FRONT = 256;      // bytes before an allocation that are checked
constexpr size_t GAP = size_t(2) << 20;
constexpr size_t REMEMBERED = 4096;
constexpr size_t DEFAULT_CAPACITY = size_t(8) << 30;

size_t frontOf(const Allocation& a) { return std::min(FRONT, size_t(a.address - a.pages)); }

// The first byte of [begin, end), which is at most a page, that is not the pattern, or end.
const unsigned char* firstChanged(const unsigned char* begin, const unsigned char* end) {
  static const std::vector<unsigned char> pattern(PAGE, SLACK);
  if (!memcmp(begin, pattern.data(), end - begin)) return end;
  while (*begin == SLACK) begin++;
  return begin;
}

}  // namespace

// Never destroyed: other threads of the process may still use the device when it exits.
Memory& Memory::device() {
  static Memory* memory = new Memory;
  return *memory;
}

Memory::Memory() : limit(DEFAULT_CAPACITY) {
  void* range = mmap(nullptr, RANGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (range == MAP_FAILED) {
    report({OUT_OF_MEMORY, "cannot reserve 8 TiB of addresses; is ulimit -v set?"});
    abort();
  }
  base = next = uintptr_t(range);
}

// Where pages for so many bytes go: behind the last ones, and at the start again after the end.
uintptr_t Memory::place(size_t bytes) {
  size_t needed = bytes + GAP;
  for (int wraps = 0; wraps < 2;) {
    if (next + needed > base + RANGE) {
      next = base;
      wraps++;
    }
    auto above = live.lower_bound(next);
    bool hitsBelow =
        above != live.begin() &&
        std::prev(above)->second.pages + std::prev(above)->second.pagesBytes + GAP > next;
    if (hitsBelow) {
      const Allocation& below = std::prev(above)->second;
      next = below.pages + below.pagesBytes + GAP;
    } else if (above != live.end() && above->second.pages < next + needed) {
      next = above->second.pages + above->second.pagesBytes + GAP;
    } else {
      uintptr_t found = next;
      next += needed;
      return found;
    }
  }
  return 0;
}

uintptr_t Memory::reserve(size_t bytes, Kind kind, Context* owner) {
  std::lock_guard<std::mutex> guard(lock);
  if (kind == Kind::DEVICE && bytes > limit - std::min(limit, inUse)) return 0;
  size_t aligned = roundUp(bytes, ALIGNMENT);
  size_t pagesBytes = roundUp(aligned, PAGE);
  uintptr_t pages = place(pagesBytes);
  if (!pages) return 0;
  uintptr_t address = pages + pagesBytes - aligned;
  live[address] = {address, bytes, pages, pagesBytes, kind, owner, false};
  if (kind == Kind::DEVICE) inUse += bytes;
  return address;
}

void Memory::open(uintptr_t address) {
  std::lock_guard<std::mutex> guard(lock);
  Allocation& a = live.at(address);
  mprotect(reinterpret_cast<void*>(a.pages), a.pagesBytes, PROT_READ | PROT_WRITE);
  size_t front = frontOf(a);
  memset(reinterpret_cast<void*>(a.address - front), SLACK, front);
  memset(reinterpret_cast<void*>(a.address), POISON, a.bytes);
  uintptr_t end = a.address + a.bytes;
  memset(reinterpret_cast<void*>(end), SLACK, a.pages + a.pagesBytes - end);
  a.open = true;
}

void Memory::close(uintptr_t address) {
  std::lock_guard<std::mutex> guard(lock);
  Allocation& a = live.at(address);
  mmap(reinterpret_cast<void*>(a.pages), a.pagesBytes, PROT_NONE,
       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
  a.open = false;
}

void Memory::releaseLocked(std::map<uintptr_t, Allocation>::iterator at) {
  Allocation& a = at->second;
  mmap(reinterpret_cast<void*>(a.pages), a.pagesBytes, PROT_NONE,
       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
  if (a.kind == Kind::DEVICE) inUse -= a.bytes;
  freed.push_back(a);
  if (freed.size() > REMEMBERED) freed.pop_front();
  live.erase(at);
}

bool Memory::release(uintptr_t address) {
  std::lock_guard<std::mutex> guard(lock);
  auto at = live.find(address);
  if (at == live.end()) return false;
  releaseLocked(at);
  return true;
}

void Memory::releaseAll(Context* owner) {
  std::lock_guard<std::mutex> guard(lock);
  for (auto at = live.begin(); at != live.end();) {
    auto following = std::next(at);
    if (at->second.owner == owner) releaseLocked(at);
    at = following;
  }
}

bool Memory::contains(uintptr_t address, size_t bytes, bool open) {
  std::lock_guard<std::mutex> guard(lock);
  auto above = live.upper_bound(address);
  if (above != live.begin()) {
    const Allocation& a = std::prev(above)->second;
    if (address - a.address <= a.bytes && bytes <= a.bytes - (address - a.address)) {
      return a.open || !open;
    }
  }
  auto outside = external.upper_bound(address);
  if (outside == external.begin()) return false;
  --outside;
  size_t offset = address - outside->first;
  return offset <= outside->second.bytes && bytes <= outside->second.bytes - offset;
}

bool Memory::find(uintptr_t address, Allocation* found) {
  std::lock_guard<std::mutex> guard(lock);
  auto above = live.upper_bound(address);
  if (above == live.begin()) return false;
  const Allocation& a = std::prev(above)->second;
  if (address - a.address >= a.bytes) return false;
  *found = a;
  return true;
}

bool Memory::pinned(uintptr_t address) {
  Allocation a;
  if (find(address, &a)) return a.kind == Kind::HOST;
  std::lock_guard<std::mutex> guard(lock);
  auto outside = external.upper_bound(address);
  if (outside == external.begin()) return false;
  --outside;
  return outside->second.hostMemory && address - outside->first < outside->second.bytes;
}

void Memory::addExternal(uintptr_t address, size_t bytes, bool hostMemory) {
  std::lock_guard<std::mutex> guard(lock);
  external[address] = {bytes, hostMemory};
}

bool Memory::removeExternal(uintptr_t address) {
  std::lock_guard<std::mutex> guard(lock);
  return external.erase(address) > 0;
}

std::string Memory::describe(uintptr_t address) {
  std::lock_guard<std::mutex> guard(lock);
  for (auto a = freed.rbegin(); a != freed.rend(); ++a) {
    if (address - a->address < a->bytes) {
      return format("byte %zu of an allocation of %zu bytes at 0x%zx, which was freed",
                    size_t(address - a->address), a->bytes, size_t(a->address));
    }
  }
  auto above = live.upper_bound(address);
  const Allocation* before = above == live.begin() ? nullptr : &std::prev(above)->second;
  const Allocation* after = above == live.end() ? nullptr : &above->second;
  if (before && address - before->address < before->bytes) {
    return format("byte %zu of the allocation of %zu bytes at 0x%zx%s",
                  size_t(address - before->address), before->bytes, size_t(before->address),
                  before->open ? "" : ", before its stream came to cuMemAllocAsync");
  }
  if (before && address < before->pages + before->pagesBytes + GAP) {
    return format("byte %zu, past the end, of the allocation of %zu bytes at 0x%zx",
                  size_t(address - before->address), before->bytes, size_t(before->address));
  }
  if (after && address + GAP >= after->pages) {
    return format("%zu bytes before the allocation of %zu bytes at 0x%zx",
                  size_t(after->address - address), after->bytes, size_t(after->address));
  }
  return owns(address) ? "in no allocation of the device" : "no device memory";
}

Fault Memory::checkSlack() {
  std::lock_guard<std::mutex> guard(lock);
  for (auto& [address, a] : live) {
    if (!a.open || a.kind != Kind::DEVICE) continue;
    auto* begin = reinterpret_cast<unsigned char*>(a.address);
    auto* end = begin + a.bytes;
    auto* pagesEnd = reinterpret_cast<unsigned char*>(a.pages + a.pagesBytes);
    const unsigned char* changed = firstChanged(end, pagesEnd);
    if (changed < pagesEnd) {
      size_t at = changed - begin;
      memset(end, SLACK, pagesEnd - end);
      return {ILLEGAL_ADDRESS,
              format("wrote byte %zu, past the end, of the allocation of %zu bytes at 0x%zx", at,
                     a.bytes, size_t(a.address))};
    }
    auto* front = begin - frontOf(a);
    changed = firstChanged(front, begin);
    if (changed < begin) {
      size_t ahead = begin - changed;
      memset(front, SLACK, begin - front);
      return {ILLEGAL_ADDRESS,
              format("wrote %zu bytes before the allocation of %zu bytes at 0x%zx", ahead, a.bytes,
                     size_t(a.address))};
    }
  }
  return {};
}

void Memory::setCapacity(size_t bytes) {
  std::lock_guard<std::mutex> guard(lock);
  limit = bytes ? bytes : DEFAULT_CAPACITY;
}

size_t Memory::capacity() {
  std::lock_guard<std::mutex> guard(lock);
  return limit;
}

size_t Memory::used() {
  std::lock_guard<std::mutex> guard(lock);
  return inUse;
}

ThreadLocalRange threadLocalsAt(const void* address) {
  struct Search {
    uintptr_t address;
    ThreadLocalRange found;
  } search{uintptr_t(address), {nullptr, 0}};
  dl_iterate_phdr(
      [](dl_phdr_info* info, size_t, void* argument) {
        auto* search = static_cast<Search*>(argument);
        auto begin = uintptr_t(info->dlpi_tls_data);
        for (int i = 0; begin && i < info->dlpi_phnum; i++) {
          const auto& header = info->dlpi_phdr[i];
          if (header.p_type != PT_TLS || search->address - begin >= header.p_memsz) continue;
          search->found = {reinterpret_cast<unsigned char*>(begin), header.p_memsz};
          return 1;
        }
        return 0;
      },
      &search);
  return search.found;
}

Fault describeTrap(const Trap& trap) {
  if (trap.signal == SIGFPE) return {LAUNCH_FAILED, "divides an integer by zero"};
  if (trap.code == SI_KERNEL) {
    return {MISALIGNED_ADDRESS, "a vector access is misaligned, or its address is none"};
  }
  if (trap.address < PAGE) return {ILLEGAL_ADDRESS, "follows a null pointer"};
  return {ILLEGAL_ADDRESS, format("%s 0x%zx: ", trap.write ? "writes" : "reads",
                                  size_t(trap.address)) +
                               Memory::device().describe(trap.address)};
}

}  // namespace softgpu

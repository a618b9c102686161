#include "faults.h"

#include <csignal>
#include <mutex>
#include <ucontext.h>

#include "block.h"
#include "memory.h"

namespace softgpu {
namespace {

std::mutex lock;
std::string latest;

constexpr int SIGNALS[] = {SIGSEGV, SIGBUS, SIGFPE};
struct sigaction before[NSIG];

// Runs on the faulting thread. Composing the sentence here would not be safe: the thread goes on in
// BlockRunner::trapped instead, on its own stack or, where that overflowed, on none of its frames.
void onSignal(int signal, siginfo_t* info, void* context) {
  BlockRunner* runner = BlockRunner::current();
  if (runner) {
    constexpr long PAGE_FAULT_WRITE = 2;
    auto& registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
    runner->trap = {signal, info->si_code, (registers[REG_ERR] & PAGE_FAULT_WRITE) != 0,
                    uintptr_t(info->si_addr)};
    registers[REG_RIP] = reinterpret_cast<long long>(&BlockRunner::trapped);
    registers[REG_RSP] = runner->trapStack();
    return;
  }
  const struct sigaction& old = before[signal];
  if (old.sa_flags & SA_SIGINFO) {
    old.sa_sigaction(signal, info, context);
  } else if (old.sa_handler != SIG_DFL && old.sa_handler != SIG_IGN) {
    old.sa_handler(signal);
  } else {
    ::signal(signal, SIG_DFL);  // the access is repeated and ends the process
  }
}

}  // namespace

int report(const Fault& fault) {
  std::lock_guard<std::mutex> guard(lock);
  latest = fault.text;
  fprintf(stderr, "software GPU: %s\n", fault.text.c_str());
  return fault.code;
}

std::string lastReport() {
  std::lock_guard<std::mutex> guard(lock);
  return latest;
}

void installSignalHandlers() {
  static std::once_flag once;
  std::call_once(once, [] {
    for (int signal : SIGNALS) {
      struct sigaction action {};
      action.sa_sigaction = onSignal;
      action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART | SA_NODEFER;
      sigaction(signal, &action, &before[signal]);
    }
  });
}

}  // namespace softgpu

// The latest sentence, in memory that stays valid until this thread asks again.
extern "C" __attribute__((visibility("default"))) const char* softgpuLastReport() {
  thread_local std::string copy;
  copy = softgpu::lastReport();
  return copy.c_str();
}

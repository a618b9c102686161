package dev.galen.kernels.cuda;

import java.util.Arrays;

/** Addresses of free blocks, by the class of their size; the latest freed is taken first. */
final class FreeBlocks {
  private final Stack[] stacks;

  FreeBlocks(int classes) {
    stacks = new Stack[classes];
  }

  void push(int sizeClass, long address) {
    if (stacks[sizeClass] == null) {
      stacks[sizeClass] = new Stack();
    }
    stacks[sizeClass].push(address);
  }

  boolean has(int sizeClass) {
    return stacks[sizeClass] != null && stacks[sizeClass].count > 0;
  }

  long pop(int sizeClass) {
    return stacks[sizeClass].pop();
  }

  /**
   * The first class from {@code wanted} on that has a block, of at most {@code most} bytes; or -1.
   */
  int smallest(int wanted, long most) {
    for (int c = wanted; c < stacks.length && DeviceAllocator.size(c) <= most; c++) {
      if (has(c)) {
        return c;
      }
    }
    return -1;
  }

  private static final class Stack {
    long[] addresses = new long[4];
    int count;

    void push(long address) {
      if (count == addresses.length) {
        addresses = Arrays.copyOf(addresses, 2 * count);
      }
      addresses[count++] = address;
    }

    long pop() {
      return addresses[--count];
    }
  }
}

package dev.galen.tokenizer.bpe;

import java.util.Arrays;

/** A priority queue of longs, smallest first. */
final class LongHeap {

  private long[] heap;
  private int size;

  LongHeap(int capacity) {
    heap = new long[Math.max(capacity, 8)];
  }

  boolean isEmpty() {
    return size == 0;
  }

  void push(long value) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, 2 * size);
    }
    int hole = size++;
    while (hole > 0 && heap[parent(hole)] > value) {
      heap[hole] = heap[parent(hole)];
      hole = parent(hole);
    }
    heap[hole] = value;
  }

  private static int parent(int hole) {
    return (hole - 1) / 2;
  }

  /** Removes the smallest value; the heap must not be empty. */
  long pop() {
    long smallest = heap[0];
    long value = heap[--size];
    int hole = 0;
    for (int child = 1; child < size; child = 2 * hole + 1) {
      if (child + 1 < size && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= value) {
        break;
      }
      heap[hole] = heap[child];
      hole = child;
    }
    heap[hole] = value;
    return smallest;
  }
}

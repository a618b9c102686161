package dev.galen.tokenizer;

import java.util.Arrays;

/** A growing array of ints. */
final class IntList {

  private int[] values;
  private int size;

  IntList(int capacity) {
    values = new int[Math.max(capacity, 8)];
  }

  void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  void addAll(int[] more) {
    if (size + more.length > values.length) {
      values = Arrays.copyOf(values, Math.max(2 * size, size + more.length));
    }
    for (int value : more) {
      values[size++] = value;
    }
  }

  int get(int i) {
    return values[i];
  }

  int size() {
    return size;
  }

  /** A copy of the values from {@code from} on. */
  int[] tail(int from) {
    return Arrays.copyOfRange(values, from, size);
  }

  int[] toArray() {
    return tail(0);
  }
}

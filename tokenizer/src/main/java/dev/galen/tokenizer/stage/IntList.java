package dev.galen.tokenizer.stage;

import java.util.Arrays;

/** A growing array of ints. */
public final class IntList {

  private int[] values;
  private int size;

  public IntList(int capacity) {
    values = new int[Math.max(capacity, 8)];
  }

  public void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  public void addAll(int[] more) {
    if (size + more.length > values.length) {
      values = Arrays.copyOf(values, Math.max(2 * size, size + more.length));
    }
    for (int value : more) {
      values[size++] = value;
    }
  }

  public void set(int i, int value) {
    values[i] = value;
  }

  /** Takes all values from one on out. */
  public void truncate(int size) {
    this.size = size;
  }

  /** Takes all values out. */
  public void clear() {
    size = 0;
  }

  public int get(int i) {
    return values[i];
  }

  public int size() {
    return size;
  }

  /** A copy of the values from {@code from} on. */
  int[] tail(int from) {
    return Arrays.copyOfRange(values, from, size);
  }

  public int[] toArray() {
    return tail(0);
  }
}

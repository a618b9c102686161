package dev.galen.tokenizer.text;

import java.util.Arrays;

/**
 * A trie over bytes: what tokens does a text begin with? Its edges lie in one open-addressing hash
 * table, so that a step costs one look-up whatever the number of tokens. Immutable once built.
 */
public final class ByteTrie {

  /** Where every walk begins. */
  public static final int ROOT = 0;

  /** What {@link #step} returns where no token goes on. */
  public static final int NONE = -1;

  /** The edges: node and byte, and behind it the node that it leads to; -1 in an empty slot. */
  private int[] slots;

  private int shift;
  private int edges;
  private int nodes = 1;

  /** The value of each node, or -1. */
  private int[] values = {-1};

  /**
   * An empty trie.
   *
   * @param bytes how many bytes its tokens will have, about
   */
  public ByteTrie(int bytes) {
    int bits = 34 - Integer.numberOfLeadingZeros(Math.max(bytes / 2, 8));
    slots = new int[2 << bits];
    shift = 32 - bits;
    Arrays.fill(slots, -1);
  }

  /** Puts in a token; one that is there already gets the new value. */
  public void put(byte[] token, int value) {
    int node = ROOT;
    for (byte b : token) {
      int next = step(node, b);
      node = next < 0 ? grow(node, b) : next;
    }
    values[node] = value;
  }

  private int grow(int node, byte b) {
    if (nodes >= 1 << 23) {
      throw new IllegalArgumentException("the vocabulary has more than 8,388,608 different starts");
    }
    if (++edges > slots.length / 4) {
      rehash();
    }
    if (nodes == values.length) {
      values = Arrays.copyOf(values, 2 * nodes);
    }
    values[nodes] = -1;
    int slot = slot(node << 8 | b & 0xFF);
    slots[slot] = node << 8 | b & 0xFF;
    slots[slot + 1] = nodes;
    return nodes++;
  }

  private void rehash() {
    var old = slots;
    slots = new int[2 * old.length];
    shift--;
    Arrays.fill(slots, -1);
    for (int i = 0; i < old.length; i += 2) {
      if (old[i] != -1) {
        int slot = slot(old[i]);
        slots[slot] = old[i];
        slots[slot + 1] = old[i + 1];
      }
    }
  }

  /** The node to which a byte leads, or {@link #NONE}. */
  public int step(int node, byte b) {
    int slot = slot(node << 8 | b & 0xFF);
    return slots[slot] == -1 ? NONE : slots[slot + 1];
  }

  /** The value of the token that ends at a node, or -1. */
  public int value(int node) {
    return values[node];
  }

  private int slot(int key) {
    int mask = slots.length - 1;
    int slot = (key * 0x9E3779B9 >>> shift) << 1;
    while (slots[slot] != key && slots[slot] != -1) {
      slot = slot + 2 & mask;
    }
    return slot;
  }
}

package dev.galen.tokenizer.jinja;

import java.util.AbstractList;
import java.util.List;

/** What {@code range} gives: {@code size} whole numbers from {@code start} by {@code step}. */
record Range(long start, long end, long step, int size) {

  List<Object> values() {
    return new AbstractList<>() {
      @Override
      public Object get(int index) {
        return start + index * step;
      }

      @Override
      public int size() {
        return size;
      }
    };
  }

  String repr() {
    return "range(" + start + ", " + end + (step == 1 ? "" : ", " + step) + ")";
  }
}

package dev.galen.tokenizer.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** {@code value.name}, {@code value[key]} and {@code value[from:to:step]}. */
final class Subscript {
  /** Ends of a slice; each may be null. */
  record SliceKey(Object from, Object to, Object step) {}

  private static final Object MISSING = new Object();

  private Subscript() {}

  /** An attribute, or else the item of that name. */
  static Object attribute(Object owner, String name, Budget budget) {
    requireDefined(owner);
    Object attribute = Attributes.find(owner, name, budget);
    if (attribute != Attributes.NONE) {
      return attribute;
    }
    Object item = item(owner, name, budget);
    return item == MISSING ? Undefined.member(owner, name) : item;
  }

  /** An item, or else the attribute of that name. */
  static Object get(Object owner, Object key, Budget budget) {
    requireDefined(owner);
    Object item =
        key instanceof SliceKey slice ? slice(owner, slice, budget) : item(owner, key, budget);
    if (item != MISSING) {
      return item;
    }
    Object attribute =
        key instanceof String name ? Attributes.find(owner, name, budget) : Attributes.NONE;
    return attribute == Attributes.NONE ? Undefined.member(owner, key) : attribute;
  }

  private static void requireDefined(Object owner) {
    if (owner instanceof Undefined undefined) {
      throw undefined.failure();
    }
  }

  private static Object item(Object owner, Object key, Budget budget) {
    if (owner instanceof Dict dict) {
      boolean hashable = !(key instanceof List || key instanceof Dict);
      return hashable ? dict.get(key, MISSING) : MISSING;
    }
    BigInteger index = Arithmetic.bigOrNull(key);
    if (index == null || index.bitLength() > 31) {
      return MISSING;
    }
    String text = Values.textOrNull(owner);
    if (text != null) {
      budget.spend(text.length());
      return character(text, index.intValue());
    }
    List<?> items = itemsOrNull(owner);
    if (items == null) {
      return MISSING;
    }
    int at = index.intValue() < 0 ? index.intValue() + items.size() : index.intValue();
    return at < 0 || at >= items.size() ? MISSING : items.get(at);
  }

  private static List<?> itemsOrNull(Object owner) {
    return switch (owner) {
      case List<?> list -> list;
      case Tuple tuple -> tuple.items();
      case Range range -> range.values();
      case null, default -> null;
    };
  }

  private static Object character(String text, int index) {
    int length = PythonText.length(text);
    int at = index < 0 ? index + length : index;
    if (at < 0 || at >= length) {
      return MISSING;
    }
    return Character.toString(text.codePointAt(text.offsetByCodePoints(0, at)));
  }

  private static Object slice(Object owner, SliceKey key, Budget budget) {
    String text = Values.textOrNull(owner);
    List<?> items = text == null ? itemsOrNull(owner) : null;
    boolean indexes = isIndex(key.from) && isIndex(key.to) && isIndex(key.step);
    if ((text == null && items == null) || !indexes) {
      return MISSING;
    }
    int length = text == null ? items.size() : PythonText.length(text);
    budget.spend(length);
    long step = clamp(key.step, 1);
    if (step == 0) {
      throw new JinjaException("slice step cannot be zero");
    }
    long first = bound(key.from, length, step, step > 0 ? 0 : length - 1);
    long end = bound(key.to, length, step, step > 0 ? length : -1);
    if (text != null) {
      String part = substring(text, length, first, end, step);
      return owner instanceof Markup ? new Markup(part) : part;
    }
    List<Object> part = new ArrayList<>();
    for (long i = first; step > 0 ? i < end : i > end; i += step) {
      part.add(items.get((int) i));
    }
    return owner instanceof Tuple ? new Tuple(part) : part;
  }

  private static boolean isIndex(Object value) {
    return value == null || Arithmetic.bigOrNull(value) != null;
  }

  /** Where a slice begins or ends, within the sequence. */
  private static long bound(Object value, int length, long step, long fallback) {
    if (value == null) {
      return fallback;
    }
    long index = clamp(value, 0);
    index = index < 0 ? index + length : index;
    return step > 0 ? Math.clamp(index, 0, length) : Math.clamp(index, -1, length - 1L);
  }

  private static long clamp(Object value, long fallback) {
    if (value == null) {
      return fallback;
    }
    BigInteger number = Arithmetic.bigOrNull(value);
    return number.bitLength() <= 31
        ? number.longValue()
        : number.signum() * (long) Integer.MAX_VALUE;
  }

  private static String substring(String text, int length, long first, long end, long step) {
    if (step == 1) {
      int from = (int) Math.min(first, end);
      if (length == text.length()) {
        return text.substring(from, (int) end);
      }
      int start = text.offsetByCodePoints(0, from);
      return text.substring(start, text.offsetByCodePoints(start, (int) end - from));
    }
    int[] codePoints = text.codePoints().toArray();
    var part = new StringBuilder();
    for (long i = first; step > 0 ? i < end : i > end; i += step) {
      part.appendCodePoint(codePoints[(int) i]);
    }
    return part.toString();
  }
}

package dev.galen.examples.formats;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/** A column of some rows: strings, booleans, numbers, null, or lists and maps of these. */
@FunctionalInterface
interface Column {
  /** Room that a list begins with at most: what a damaged file says of its length is not held. */
  int FIRST_ROOM = 1024;

  /**
   * The value at place {@code i}, counted from 0.
   *
   * @throws DamagedException if it cannot be what the file says
   * @throws IndexOutOfBoundsException if it does not lie where the file says
   */
  Object get(int i);

  /** A column of nulls. */
  static Column nulls() {
    return i -> null;
  }

  /** The values where there are any, null elsewhere. */
  static Column where(IntPredicate present, Column values) {
    return i -> present.test(i) ? values.get(i) : null;
  }

  /**
   * Lists of the elements from {@code from} to below {@code to}.
   *
   * @param count how many elements there are
   */
  static Column lists(IntUnaryOperator from, IntUnaryOperator to, int count, Column elements) {
    return i -> {
      int begin = from.applyAsInt(i);
      int end = to.applyAsInt(i);
      if (begin < 0 || end < begin || end > count) {
        throw new DamagedException("a list from %d to %d of %d".formatted(begin, end, count));
      }
      var list = new ArrayList<Object>(Math.min(end - begin, FIRST_ROOM));
      for (int at = begin; at < end; at++) {
        list.add(elements.get(at));
      }
      return list;
    };
  }

  /**
   * Maps of the children that are not null: a column cannot say that a row lacks a field, so what
   * wrote it put null there.
   */
  static Column structs(List<String> names, List<Column> children) {
    return i -> {
      var map = new LinkedHashMap<String, Object>();
      for (int field = 0; field < names.size(); field++) {
        Object value = children.get(field).get(i);
        if (value != null) {
          map.put(names.get(field), value);
        }
      }
      return map;
    };
  }

  /** What the texts of a column say as JSON. */
  static Column json(Column texts) {
    return i -> {
      Object text = texts.get(i);
      try {
        return text == null ? null : Json.MAPPER.readValue((String) text, Object.class);
      } catch (JsonProcessingException e) {
        throw new DamagedException("a value of type JSON is none: " + e.getOriginalMessage());
      }
    };
  }

  /** The text of bytes that must be UTF-8. */
  static String text(byte[] bytes, int from, int length) {
    String text = new String(bytes, from, length, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') >= 0) {
      try {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, length));
      } catch (CharacterCodingException e) {
        throw new DamagedException("a string is not valid UTF-8");
      }
    }
    return text;
  }

  /** Made when the first value of JSON is read. */
  final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}
  }
}

package dev.galen.train.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.train.data.Example;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Map;
import java.util.function.Consumer;

/** Makes examples of the rows of a {@link DataFormat}, as they are made of JSON's. */
record SchemaSink(RowSchemas schemas, Consumer<Example> sink) implements RowSink {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  @Override
  public boolean reads(String column) {
    return schemas.mayRead(column);
  }

  @Override
  public void row(Map<String, ?> row, Origin origin) throws IOException {
    Example example = schemas.read(new RowFields((ObjectNode) node(row), "", origin));
    if (example != null) {
      sink.accept(example);
    }
  }

  /** A value of {@link RowSink#row} as JSON. */
  static JsonNode node(Object value) {
    return switch (value) {
      case null -> NODES.nullNode();
      case String text -> NODES.textNode(text);
      case Boolean truth -> NODES.booleanNode(truth);
      case Integer number -> NODES.numberNode(number);
      case Long number -> whole(number);
      case Short number -> NODES.numberNode((int) number);
      case Byte number -> NODES.numberNode((int) number);
      case BigInteger number -> NODES.numberNode(number);
      case Number number -> NODES.numberNode(number.doubleValue());
      case Map<?, ?> map -> {
        ObjectNode object = NODES.objectNode();
        map.forEach((name, entry) -> object.set(name.toString(), node(entry)));
        yield object;
      }
      case Iterable<?> entries -> {
        ArrayNode array = NODES.arrayNode();
        entries.forEach(entry -> array.add(node(entry)));
        yield array;
      }
      default ->
          throw new IllegalArgumentException("a value of a row is a " + value.getClass().getName());
    };
  }

  /** As a reader of JSON has it: an int where it fits. */
  private static JsonNode whole(long number) {
    return number == (int) number ? NODES.numberNode((int) number) : NODES.numberNode(number);
  }
}

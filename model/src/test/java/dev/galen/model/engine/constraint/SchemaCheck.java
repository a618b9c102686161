package dev.galen.model.engine.constraint;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/** Whether a value keeps to a schema, by the words of JSON Schema's draft 2020-12. */
final class SchemaCheck {
  private final JsonNode root;

  SchemaCheck(JsonNode root) {
    this.root = root;
  }

  boolean accepts(JsonNode value) {
    return accepts(root, value);
  }

  private boolean accepts(JsonNode schema, JsonNode value) {
    if (schema.isBoolean()) {
      return schema.booleanValue();
    }
    if (schema.has("$ref")
        && !accepts(root.at(schema.get("$ref").textValue().substring(1)), value)) {
      return false;
    }
    return typed(schema, value)
        && chosen(schema, value)
        && (!value.isObject() || object(schema, value))
        && (!value.isArray() || array(schema, value))
        && (!value.isTextual() || string(schema, value.textValue()))
        && (!value.isNumber() || number(schema, value.decimalValue()));
  }

  private static boolean typed(JsonNode schema, JsonNode value) {
    JsonNode types = schema.path("type");
    if (types.isTextual()) {
      return is(types.textValue(), value) || schema.path("nullable").asBoolean() && value.isNull();
    }
    boolean any = types.isMissingNode();
    for (JsonNode type : types) {
      any |= is(type.textValue(), value);
    }
    return any;
  }

  private static boolean is(String type, JsonNode value) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "boolean" -> value.isBoolean();
      case "null" -> value.isNull();
      case "number" -> value.isNumber();
      default -> value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0;
    };
  }

  private boolean chosen(JsonNode schema, JsonNode value) {
    if (schema.has("const") && !schema.get("const").equals(value)) {
      return false;
    }
    boolean listed = !schema.has("enum");
    for (JsonNode allowed : schema.path("enum")) {
      listed |= allowed.equals(value);
    }
    return listed
        && fits(schema.path("allOf"), value) == schema.path("allOf").size()
        && (!schema.has("anyOf") || fits(schema.get("anyOf"), value) > 0)
        && (!schema.has("oneOf") || fits(schema.get("oneOf"), value) == 1);
  }

  private int fits(JsonNode schemas, JsonNode value) {
    int count = 0;
    for (JsonNode schema : schemas) {
      count += accepts(schema, value) ? 1 : 0;
    }
    return count;
  }

  private boolean object(JsonNode schema, JsonNode value) {
    for (JsonNode name : schema.path("required")) {
      if (!value.has(name.textValue())) {
        return false;
      }
    }
    for (var member : value.properties()) {
      JsonNode own = schema.path("properties").path(member.getKey());
      JsonNode rule = own.isMissingNode() ? schema.path("additionalProperties") : own;
      if (!rule.isMissingNode() && !accepts(rule, member.getValue())) {
        return false;
      }
    }
    return true;
  }

  private boolean array(JsonNode schema, JsonNode value) {
    int first = schema.path("prefixItems").size();
    for (int i = 0; i < value.size(); i++) {
      JsonNode rule = i < first ? schema.get("prefixItems").get(i) : schema.path("items");
      if (!rule.isMissingNode() && !accepts(rule, value.get(i))) {
        return false;
      }
    }
    return value.size() >= schema.path("minItems").asInt(0)
        && value.size() <= schema.path("maxItems").asInt(Integer.MAX_VALUE);
  }

  private static boolean string(JsonNode schema, String text) {
    int length = text.codePointCount(0, text.length());
    return length >= schema.path("minLength").asInt(0)
        && length <= schema.path("maxLength").asInt(Integer.MAX_VALUE)
        && (!schema.has("pattern")
            || Pattern.compile(schema.get("pattern").textValue()).matcher(text).find());
  }

  private static boolean number(JsonNode schema, BigDecimal value) {
    return (!schema.has("minimum") || value.compareTo(schema.get("minimum").decimalValue()) >= 0)
        && (!schema.has("maximum") || value.compareTo(schema.get("maximum").decimalValue()) <= 0)
        && (!schema.has("exclusiveMinimum")
            || value.compareTo(schema.get("exclusiveMinimum").decimalValue()) > 0)
        && (!schema.has("exclusiveMaximum")
            || value.compareTo(schema.get("exclusiveMaximum").decimalValue()) < 0);
  }
}

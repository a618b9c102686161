package dev.galen.train.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.hf.JsonFields;
import dev.galen.train.TrainingConfig;
import dev.galen.train.optim.ParameterGroup;
import dev.galen.train.optim.ParameterGroups;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Groups of parameters in a run's JSON: objects of a pattern and numbers. */
final class GroupsJson {
  static final List<String> NAMES = List.of("groups", "layerDecay");

  private static final String PATTERN = "pattern";

  private GroupsJson() {}

  static void read(TrainingConfig.Builder builder, JsonFields json) {
    var groups = new ArrayList<ParameterGroup>();
    JsonNode given = json.json().path("groups");
    JsonFields.require(
        given.isMissingNode() || given.isNull() || given.isArray(),
        "groups",
        given,
        "a list of objects");
    for (JsonNode group : given) {
      JsonFields.require(
          group.path(PATTERN).isTextual(), "groups", group, "an object with a pattern");
      var numbers = new LinkedHashMap<String, String>();
      for (Map.Entry<String, JsonNode> entry : group.properties()) {
        if (!entry.getKey().equals(PATTERN)) {
          numbers.put(entry.getKey(), entry.getValue().asText());
        }
      }
      groups.add(ParameterGroup.of(group.get(PATTERN).textValue(), numbers));
    }
    builder.groups(new ParameterGroups(groups, json.number("layerDecay").orElse(1)));
  }

  static void write(ObjectNode json, TrainingConfig config) {
    ParameterGroups groups = config.optimizer().groups();
    if (!groups.groups().isEmpty()) {
      var list = json.putArray("groups");
      for (ParameterGroup group : groups.groups()) {
        ObjectNode object = list.addObject().put(PATTERN, group.pattern());
        group
            .numbers()
            .forEach((name, value) -> NamedJson.put(object, NamedJson.camelCase(name), value));
      }
    }
    if (groups.layerDecay() != 1) {
      json.put("layerDecay", groups.layerDecay());
    }
  }
}
